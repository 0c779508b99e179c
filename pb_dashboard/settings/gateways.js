// How gateways that shops use are asked: the same lines as in docs/sms.md,
// which says what is to be confirmed with each. Whether texts are sent at all,
// and whether submissions are acknowledged by text, is the shop's own choice.
// Strict JSON, so that a test can hold it against the guide.
export const gateways = {
    "三竹 Mitake": {
        "method": "POST",
        "url": "https://smsapi.mitake.com.tw/api/mtk/SmSend?CharsetURL=UTF-8",
        "headers": {},
        "body": "username={{ user | url_encode }}&password={{ password | url_encode }}&dstaddr={{ to | url_encode }}&smbody={{ text | url_encode }}&clientid={{ id | url_encode }}&response={{ report_url | url_encode }}",
        "success": "(?m)^statuscode=[0124]\\s*$",
        "id": "(?m)^msgid=(\\S+)",
        "report": {
            "id": "msgid",
            "status": "statusstr",
            "delivered": "DELIVRD",
            "failed": "EXPIRED|DELETED|UNDELIV|REJECTD|UNKNOWN|SYNTAXE",
            "answer": "magicid=sms_gateway_rpack\nmsgid={{ id }}\n"
        },
        "max_parts": 3,
        "number_format": "national"
    },
    "EVERY8D": {
        "method": "POST",
        "url": "https://api.e8d.tw/API21/HTTP/sendSMS.ashx",
        "headers": {},
        "body": "UID={{ user | url_encode }}&PWD={{ password | url_encode }}&SB=&MSG={{ text | url_encode }}&DEST={{ to | url_encode }}&ST=",
        "success": "^\\s*\\d[\\d.]*,[1-9]\\d*,",
        "id": "^\\s*[\\d.]+,\\d+,[\\d.]+,\\d+,([\\w-]+)",
        "report": {
            "id": "BatchID",
            "status": "STATUS",
            "delivered": "100",
            "failed": "10[1-9]|-\\d+"
        },
        "max_parts": 3,
        "number_format": "e164"
    },
    "Twilio": {
        "method": "POST",
        "url": "https://api.twilio.com/2010-04-01/Accounts/{{ user | url_encode }}/Messages.json",
        "headers": {
            "Authorization": "Basic {{ secret | base64 }}"
        },
        "body": "To={{ to | url_encode }}&MessagingServiceSid=MGxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx&Body={{ text | url_encode }}{% if report_url %}&StatusCallback={{ report_url | url_encode }}{% endif %}",
        "success": "\"sid\":\\s*\"(SM|MM)",
        "id": "\"sid\":\\s*\"((?:SM|MM)\\w+)\"",
        "report": {
            "id": "MessageSid",
            "status": "MessageStatus",
            "delivered": "delivered|read",
            "failed": "failed|undelivered|canceled"
        },
        "max_parts": 3,
        "number_format": "e164"
    }
};
