package report

// Phrases are lower case, as plain leaves them: addresses are "@", hosts and
// links are gone. Each is looked up as a part of the text.

// surelyGone outweighs every other reason in the same text.
var surelyGone = []string{
	"resolver.adr.recipnotfound", "resolver.adr.recipientnotfound", "domain name not found",
	"no smtp service", "does not receive email", "doesn't receive email", "host/domain does not accept mail",
	"no longer on server", "user doesn't have a", "couldn't find a mail exchanger", "couldn't find any host",
}

// goneAccount names an account that is not there, whatever the command was.
var goneAccount = []string{"user doesn't have a", "does not exist", "no such user here"}

// goneEnglish says that the address, or its host, is not there.
var goneEnglish = []string{
	"user unknown", "unknown user", "user is unknown", "user not known", "not a known user", "no such user", "no such recipient", "no such mailbox",
	"no such address", "no such account", "no such local user", "no such person", "no such email", "no such id", "no local mailbox", "unknown recipient",
	"recipient unknown", "recipient is unknown", "unknown address", "address unknown", "address is unknown", "unknown local part", "unknown local-part",
	"unknown mailbox", "mailbox unknown", "unknown account", "account unknown", "unknown e-mail", "unknown email", "unknown or illegal alias",
	"unknown login",
	"mailbox not found", "mailbox was not found", "mailbox is invalid", "invalid mailbox", "user not found", "user was not found",
	"recipient not found", "recipient was not found",
	"address not found", "account not found", "email address not found", "e-mail address not found", "not found in directory",
	"name was not found", "name not found",
	"does not exist", "doesn't exist", "do not exist", "not exist", "check if address is correct", "no valid recipients for",
	"illegal host/domain", "is nonexistent", "nonexistent", "non-existent", "not existing", "no existing",
	"invalid recipient", "recipient is invalid", "recipient invalid", "invalid user", "user invalid", "invalid final delivery userid",
	"invalid local part",
	"invalid account", "not a valid recipient", "not a valid mailbox", "not a valid user", "not a valid address", "not a valid email", "is not a valid",
	"not our user", "not our customer", "not known here", "not known at this", "is not known", "not a local address", "not local to this",
	"not listed in domino",
	"not listed in public", "not listed in", "user not listed", "name is not recognized", "recipient not recognized", "user not recognized",
	"not recognised", "no mailbox here", "no mailbox by that",
	"no mailbox for", "no account by that", "no account found", "no user found", "no user by that", "there is no user", "there's no user",
	"no person found", "no recipient found", "no match for",
	"isn't a user", "is not a user", "not a user", "doesn't have an account", "does not have an account",
	"no mail box available for this user", "unable to find user", "cannot find user", "could not find user",
	"unable to find recipient", "couldn't be found", "could not be found", "can't be found", "cannot be found", "wasn't found",
	"unrouteable address", "unroutable address", "undeliverable address",
	"has moved", "user moved", "mailbox moved", "address no longer", "no longer exists", "no longer valid", "no longer in use",
	"no longer used", "no longer available", "no longer active", "no longer employed",
	"no longer works", "no longer work", "has left the", "user has left", "has been deleted", "account deleted", "was deleted",
	"has been closed", "account closed", "account is closed", "has been terminated", "account terminated",
	"has been discontinued", "mailbox name not allowed", "addressee unknown", "badrecipient", "bad recipient", "bad destination mailbox",
	"bad mailbox", "bad address",
	"can't accept user", "destination addresses were unknown", "destination server rejected recipients", "mailbox not present", "mailbox invalid", "no such mail drop",
	"final email delivery point", "check the recipients mailbox", "recipient is not accepted", "recipient is not local", "recipient not ok", "badrcptto",
	"envelope recipient has been denied", "there is no one at", "no longer accepts mail", "badrecipientto", "not in my validrcptto", "missing home directory",
	"unknown virtual user", "no such virtual user", "user is not found", "has no mailbox", "email address is unknown", "domain is not reachable", "recipient domain must exist",
	"null mx", "nullmx", "host unknown", "unknown host", "host not found", "domain not found", "no such domain", "no such host", "unknown domain", "domain unknown",
	"nxdomain",
	"name or service not known", "nodename nor servname", "bad destination host", "couldn't find any host", "could not find any host",
	"no mx found", "no mx record", "invalid domain", "unrouteable mail domain", "non-existent host", "hostname unknown",
	"does not accept mail", "doesn't accept mail", "does not accept email", "doesn't accept email", "not accept any mail",
	"dns domain does not exist", "no route to domain", "retiredmailbox", "user disabled permanently",
}

// goneMaybe says so only to a RCPT command, or with a code that means it.
var goneMaybe = []string{"mailbox unavailable", "mailbox not available", "mailbox is unavailable", "no mailbox", "recipient rejected", "address rejected", "recipient refused", "invalid address", "address invalid", "account unavailable", "user unavailable", "user not allowed", "unknown to this"}

// softEnglish are reasons in the mailbox, the server, the mail or the time.
var softEnglish = []string{
	// full
	"mailbox full", "mailbox is full", "mailfolder is full", "inbox is full", "account is full", "is full", "box full", "quota", "overquota",
	"out of storage", "insufficient", "disk space", "disk full", "storage limit", "no space",
	"over the allowed", "over the maximum", "too much mail", "exceed", "not enough space", "not enough storage", "storage space", "allocation",
	// size
	"too large", "too big", "too long", "message size", "message length", "size limit", "size exceeds",
	// spam, viruses, lists, reputation
	"spam", "junk", "virus", "malware", "phish", "blacklist", "black list", "blocklist", "block list", "blocked", "blocking", "banned",
	"dnsbl", "rbl", "reputation", "spamhaus", "suspicious", "bulk mail",
	"content rejected", "content filter", "message content", "unsolicited", "listed by", "is listed in", "on our list", "complaint",
	"denylist", "deny list",
	// policy and rights
	"policy", "policies", "prohibit", "not authorized", "not authorised", "unauthorized", "unauthorised", "authenticat", "authrequired",
	"auth required", "not permitted", "access denied", "permission", "restricted", "relay",
	"refused due to recipient preferences", "recipient preferences", "closed list", "moderat", "not allowed to send", "not allowed to post",
	"closed group", "members only", "subscriber", "only accepts mail from", "challenge", "whitelist", "white list", "dmarc", "spf", "dkim",
	"arc ", "starttls", "tls",
	"user refuses", "refused your", "domain filter", "message filtered", "mail filtered", "administratively", "groups google", "googlegroups",
	"to post messages", "does not want",
	"security reasons", "security policy", "security issue", "attachment",
	// the server, the way, the time
	"temporar", "timed out", "timeout", "time out", "connection refused", "connection reset", "connection was", "connection closed",
	"lost connection", "no route to host", "unreachable", "could not connect", "unable to connect", "failed to connect", "too many",
	"rate limit", "rate that", "too fast", "throttl",
	"try again later", "try later", "greylist", "graylist", "grey list", "grey-list", "deferred", "in the queue too long", "expired",
	"retries", "retry", "could not deliver for", "message too old", "loop", "too many hops", "hop count", "resources", "busy", "overload",
	"internal error", "internal system error", "system error", "server error", "misconfigur", "couldn't create", "could not create",
	"can't create", "cannot open", "i/o error", "input/output", "no such file", "ldap", "local error", "command output", "out of memory",
	"lookup fail", "servfail", "name server: timeout",
	"syntax error", "command unrecognized", "bad sequence", "improper sequence", "protocol error", "8bit", "smtputf8", "header error",
	"headers too", "header is", "in from: header", "rfc 5321", "rfc 5322", "rfc 822", "rfc822 ", "rfc 2822", "rfc compliant", "not compliant",
	"not supported", "unsupported", "quarantine", "rejected as", "forged", "spoof",
}

// softOff are accounts that are switched off. Against a code that says the
// address does not exist they do not count.
var softOff = []string{
	"disabled", "suspend", "inactive", "deactivated", "frozen", "locked", "not activated", "not active", "on hold", "vacation", "unpaid",
	"out of office", "overdue",
}

// softSender are reasons in who sends, or where from.
var softSender = []string{
	"sender reject", "sender address", "sender verif", "sender den", "sender domain", "sender is", "sender not", "sender id", "sender unknown",
	"unknown sender", "invalid sender", "bad sender", "your sender", "sender's", "sending domain", "sending ip", "sending server",
	"sending mta",
	"mail from", "return path", "return-path", "envelope-from", "envelope sender", "helo", "ehlo", "ptr ", "ptr record", "reverse dns",
	"reverse lookup", "reverse-dns", "rdns", "client host", "client address", "your ip", "ip address is", "the ip address", "from address",
	"purported responsible",
	"verification failed", "verify failed", "callout", "my name was rejected", "domain of sender", "originator", "invalid ip", "dynamic ip",
	"email from ", "mail server ip", "ip name lookup",
}

// stillTrying, gaveUp, success and delaySubjects part warnings and good news from
// failures.
var (
	stillTrying = []string{
		"warning message only", "this is a warning only", "do not need to resend", "don't need to resend", "do not need to re-send",
		"will keep trying", "will be retried", "will continue to try", "will continue trying", "will retry for", "still being retried",
		"still trying",
		"temporary failure report", "continues to attempt", "continue to be made", "not yet been delivered", "has not yet been",
		"delivery attempts will", "no action is required on your part", "delivery will be attempted", "delayed for more than", "has been delayed",
		"temporary problem delivering",
		"再送を試み", "再送信を試み", "配信を続け", "再送しています", "引き続き配信", "将继续尝试", "將繼續嘗試", "会继续尝试", "會繼續嘗試", "继续重试", "繼續重試", "wird weiterhin versucht",
		"continuera", "seguirá intentando", "continuerà",
	}
	gaveUp = []string{
		"permanent error", "failed permanently", "permanent fatal", "given up", "giving up after", "will be deleted from queue",
		"not going to try again", "permanently failed", "could not be delivered to one or more of its recipients. this is a permanent",
		"no further attempts", "no further delivery", "been a permanent failure", "will not be retried",
	}
	success = []string{
		"successfully delivered", "successfully relayed", "was successfully", "notification (success)", "notification (relay)",
		"has been delivered", "your message was delivered", "delivered to the following recipient", "正常に配信", "配信が完了", "已成功送达", "已成功送達", "已送达收件人",
		"erfolgreich zugestellt", "a été remis", "se ha entregado",
	}
	delaySubjects = []string{
		"(delay)", "delayed", "warning: could not send", "warning: message", "still being retried", "delivery delay", "遅延", "配信遅延", "延迟", "延遲",
		"延误", "延誤", "verzöger", "retard", "retras", "ritard", "atras", "vertraag", "försen", "forsink", "задерж", "지연",
	}
)
