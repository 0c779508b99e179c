// The Desk's screens in English.
export default {






    "picker.search": "Shortcut, subject, category…",
    "picker.nohits": "No template matches",
    "picker.none": "No templates yet",
    "picker.none.hint": "Write some under Settings › Templates.",
    "picker.insert": "Insert",


    "person.email": "Mail",
    "person.phone": "Phone",

    "held.explained": "The sender was thanked like anybody else. Nothing is deleted until you decide or the retention time ends.",
    "held.nosubject": "Held message",
    "held.why": "Why it was held",
    "held.release": "Release",
    "held.release.why": "Not spam: open a case and send the acknowledgement",
    "held.released": "Released. A case is open.",
    "held.spam": "Spam",
    "held.spam.why": "It is spam: no case, out of quarantine",
    "held.spammed": "Confirmed as spam.",
    "held.source": "Came by",
    "held.gone": "Already decided",
    "held.gone.hint": "Somebody has released this message or confirmed it as spam.",

    "outbox.explained": "Mail that did not leave, with the reason the mail server gave.",
    "outbox.nosmtp": "No mail server is set up. Enter it under Settings › Mail settings, then send these again.",
    "outbox.attempts": { one: "{n} try", other: "{n} tries" },
    "outbox.status.held": "Held",
    "outbox.status.failed": "Failed",
    "outbox.status.unknown": "Unclear",
    "outbox.why.held": "Waiting: no mail server is set up, or a limit was reached",
    "outbox.why.failed": "Given up after several tries or a lasting refusal",
    "outbox.why.unknown": "The connection broke at the end: it may have arrived. Sending again may deliver it twice.",
    "outbox.kind.email": "Mail",
    "outbox.kind.sms": "Text message",
    "outbox.kind.webhook": "Webhook",
    "outbox.kind.notify": "Notification",

};
