// How gateways that shops use are asked. A gateway's own manual has the last
// word: names of fields change, and each needs an account.
const form = { "Content-Type": "application/x-www-form-urlencoded" };
const account = "{{ user | url_encode }}", password = "{{ password | url_encode }}", text = "{{ text | url_encode }}";

export const gateways = {
    "三竹 Mitake": {
        method: "POST",
        url: "https://smsapi.mitake.com.tw/api/mtk/SmSend?CharsetURL=UTF-8",
        headers: form,
        body: `username=${account}&password=${password}&dstaddr={{ to_national | url_encode }}&smbody=${text}&response={{ report_url | url_encode }}`,
        success: "statuscode=[0124]",
        id: "msgid=(\\S+)",
        report: { id: "msgid", status: "statusstr", delivered: "DELIVRD", failed: "EXPIRED|DELETED|UNDELIV|REJECTD|SYNTAXE" },
        number_format: "national",
    },
    "EVERY8D": {
        method: "POST",
        url: "https://api.e8d.tw/API21/HTTP/sendSMS.ashx",
        headers: form,
        body: `UID=${account}&PWD=${password}&SB=&MSG=${text}&DEST={{ to | url_encode }}&ST=`,
        success: "^[0-9]",
        id: "([0-9A-Fa-f-]{36})",
        report: {},
        number_format: "e164",
    },
    Twilio: {
        method: "POST",
        url: "https://api.twilio.com/2010-04-01/Accounts/{{ user | url_encode }}/Messages.json",
        headers: { ...form, Authorization: "Basic {{ secret | base64 }}" },
        body: `To={{ to | url_encode }}&From=%2B10000000000&Body=${text}&StatusCallback={{ report_url | url_encode }}`,
        success: "\"sid\"",
        id: "\"sid\":\\s*\"(\\w+)\"",
        report: { id: "MessageSid", status: "MessageStatus", delivered: "delivered", failed: "failed|undelivered" },
        number_format: "e164",
    },
};
