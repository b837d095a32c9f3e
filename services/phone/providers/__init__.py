"""The providers' own interfaces, one file for each: what their documentation says on the wire, and nothing else of them.

Each provider's world begins at its own base path, which stands for its host (`https://qyapi.weixin.qq.com` is
`http://127.0.0.1:8080/phone/wecom` here); a signature covers the path after it.

| base path | provider | paths after it |
| --- | --- | --- |
| /phone/wecom | WeCom | /cgi-bin/gettoken, /cgi-bin/message/send, …/recall, …/update_template_card, /cgi-bin/auth/getuserinfo, |
| | | /connect/oauth2/authorize |
| /phone/aliyun-sms | Aliyun dysmsapi 2017-05-25 | / (SendSms, QuerySendDetails) |
| /phone/aliyun-voice | Aliyun dyvmsapi 2017-05-25 | / (SingleCallByTts, QueryCallDetailByCallId) |
| /phone/tencent-sms | Tencent sms 2021-01-11 | / (SendSms, PullSmsSendStatus, PullSmsSendStatusByPhoneNumber, PullSmsReplyStatus) |
| /phone/tencent-voice | Tencent vms 2020-09-02 | / (SendTtsVoice) |

Credentials, templates and the signature of the sample account: `services/phone/sample.py`. Where receipts, replies and
presses go: `PUT /phone/api/callbacks`, which stands for the provider's console.
"""
