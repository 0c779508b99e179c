// Mail both ways, calls and text messages in English.
export default {


    "copies.remove": "Remove {addr}",
    "copies.outside": "Not an address of this visitor: {who}. They will read the answer too.",
    "copies.offer": "{who} had a copy of the visitor’s mail",

    "sms.one": "{used} of {of}",
    "sms.parts": "{n} messages, {left} left",
    "sms.toomany": "{n} messages: {most} at most",
    "sms.gsm": "Letters of the GSM alphabet: 160 in one message, 153 in each of several",
    "sms.unicode": "Other letters, such as Chinese: 70 in one message, 67 in each of several",


    "held.for": "answers #{number}",
    "held.for.title": "Someone else answered case #{number}",
    "held.for.why": "{who} wrote to the address of that case, but has had no part in it so far. The case stays as it is until you decide.",
    "held.into.case": "Add to the case",
    "held.into.case.why": "Case #{number} gets this mail as a message",
    "held.into.new": "Open a new case",
    "held.into.new.why": "A case of its own, with an acknowledgement to the sender",
    "held.joined": "Added to case #{number}.",

};
