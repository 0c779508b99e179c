export default {
    "queue.why.done": "Resolved and closed cases",
    "queue.why.follow_up": "Cases with a date to come back to",
    "queue.why.mine": "Open cases assigned to me",
    "queue.why.open": "Everything that is our turn, most pressing first",
    "queue.why.outbox": "Mail that could not be sent",
    "queue.why.person": "Open cases of {name}",
    "queue.why.problems": "Faults that several visitors report",
    "queue.why.promises": "By when we said that we would answer: open, kept and broken",
    "queue.why.quarantine": "Messages that screening held back",
    "queue.why.screening": "How screening does, and what other limits would have done",
    "queue.why.unassigned": "Open cases that nobody has taken",
    "queue.why.waiting": "We have answered or are on hold",
};
