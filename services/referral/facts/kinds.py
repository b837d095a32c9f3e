"""Which kinds of body are medical, schools or police, and which words for a suspect mean family."""

INJURIES = {"minor", "multiple", "serious"}
GUARDIANS = {
    "father", "mother", "parent", "parents", "stepfather", "stepmother", "guardian", "grandfather", "grandmother",
    "grandparent", "foster_parent", "adoptive_father", "adoptive_mother", "delegate_caregiver", "carer", "caregiver",
}  # fmt: skip
FAMILY = GUARDIANS | {"family", "brother", "sister", "sibling", "uncle", "aunt", "relative"}
MEDICAL = {
    "hospital",
    "childrens_hospital",
    "maternal_child_health",
    "community_health_center",
    "mental_health_hospital",
}
SCHOOLS = {"school", "kindergarten", "childcare"}
POLICE = {"police", "police_station", "police_command"}
GRASSROOTS = {"village_committee", "township_government", "protection_station", "social_work_station"}
