"""The sample account at every provider: fixed, published and worthless outside demos, drills and tests.

None of these opens anything at a real provider; the gateway takes no others and is reached from this machine alone.
"""

from collections.abc import Mapping
from typing import Final

WECOM_CORP: Final = "ww5a4d504c45736868"
WECOM_SECRET: Final = "sample-wecom-secret-for-the-phone-gateway-only"
WECOM_AGENT: Final = 1000002
WECOM_TOKEN: Final = "sampleCallbackToken"
WECOM_AES_KEY: Final = "c2FtcGxlLWtleS1vZi10aGUtcGhvbmUtZ2F0ZXdheS4"  # 43 signs of base64: EncodingAESKey

ALIYUN_KEY: Final = "LTAI-sample-phone-gateway"
ALIYUN_SECRET: Final = "sample-aliyun-secret-for-the-phone-gateway"

TENCENT_KEY: Final = "AKID-sample-phone-gateway"
TENCENT_SECRET: Final = "sample-tencent-secret-for-the-phone-gateway"
TENCENT_SMS_APP: Final = "1400000001"
TENCENT_VOICE_APP: Final = "1400000002"

SIGN: Final = "吉林儿童保护"

# Registered templates. Aliyun's variables have names, Tencent's are numbered.
ALIYUN_SMS: Final[Mapping[str, str]] = {
    "SMS_100000001": "${text}",
    "SMS_100000002": "${code}为验证码,${minutes}分钟内有效。",
}
ALIYUN_VOICE: Final[Mapping[str, str]] = {"TTS_100000001": "${text}"}
TENCENT_SMS: Final[Mapping[str, str]] = {"1000001": "{1}", "1000002": "{1}为验证码,{2}分钟内有效。"}
TENCENT_VOICE: Final[Mapping[str, str]] = {"1000001": "{1}"}
