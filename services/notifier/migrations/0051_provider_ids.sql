-- The provider's own name for a message, so that what arrived can be told from which message of ours it was.
create or replace view notifier.delivery_view as
select message_id, channel, contact_masked, state, detail, attempts, at, reason, promised, receipt_by, provider_id
from notifier.delivery;
