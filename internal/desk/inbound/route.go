package inbound

import "github.com/pocketdesk/pocketdesk/internal/desk"

// Verb is what is done with a mail.
type Verb string

// The verbs.
const (
	Join    Verb = "join"    // it is its sender's word on the case
	Note    Verb = "note"    // it stands on the case, and nothing else happens
	Inform  Verb = "inform"  // it stands on the case as a note for staff, who are told
	Submit  Verb = "submit"  // it is screened as a new message
	Hold    Verb = "hold"    // it is screened, and waits for staff in any case
	Bounce  Verb = "bounce"  // the message that it is about did not arrive
	Delay   Verb = "delay"   // the message that it is about is still under way
	Receipt Verb = "receipt" // the message that it is about was read
	File    Verb = "file"    // it stands in the list of mails, and nothing else happens
)

// Token says what a mail's claim to belong to a case is worth.
type Token string

// The tokens.
const (
	NoToken Token = ""
	Valid   Token = "valid" // of a case that stands
	Stale   Token = "stale" // we made it, and its case is gone
	Bogus   Token = "bogus" // it has the form of one, and is none
)

// Facts are all that decides where a mail goes.
type Facts struct {
	Seen    bool // it stands on the case already, or came by another mailbox
	Bounced bool // a report that a mail did not arrive
	Delayed bool // a report that a mail is still under way
	Read    bool // a read receipt
	Ours    bool // such a report is about a mail of ours

	Own     bool // we sent it ourselves
	Auto    bool // no person wrote it
	Machine bool // its sender is a mail server, or says so by a null return path

	Token  Token
	Known  bool // the sender has a part in the case
	Helper bool // he is somebody outside whom staff asked for help, and answers that
	Forged bool // his mail domain says that it was not he (DMARC)
	Barred bool // staff want nothing from him
	Number bool // it names the number of a case that is not his
}

// Decision is where a mail goes. Outcome is that of a mail that is only filed;
// Why is one word, for the record.
type Decision struct {
	Verb    Verb
	Outcome string
	Why     string
}

// rule is one line of the table.
type rule struct {
	when func(Facts) bool
	then Decision
}

// table is read from the top; the first line that holds decides. The order says
// what is stronger: that a mail came before, what machines say of our mail, what
// machines say at all, who may speak on a case, and last of all everybody else.
var table = []rule{
	{func(f Facts) bool { return f.Seen }, Decision{File, desk.MailIgnored, "duplicate"}},

	{func(f Facts) bool { return f.Bounced && f.Ours }, Decision{Bounce, desk.MailBounce, "bounce"}},
	{func(f Facts) bool { return f.Bounced }, Decision{File, desk.MailBounce, "bounce_of_nothing"}},
	{func(f Facts) bool { return f.Delayed && f.Ours }, Decision{Delay, desk.MailBounce, "delay"}},
	{func(f Facts) bool { return f.Delayed }, Decision{File, desk.MailBounce, "delay_of_nothing"}},
	{func(f Facts) bool { return f.Read && f.Ours }, Decision{Receipt, desk.MailReceipt, "receipt"}},
	{func(f Facts) bool { return f.Read }, Decision{File, desk.MailReceipt, "receipt_of_nothing"}},

	{func(f Facts) bool { return f.Helper && (f.Own || f.Auto) }, Decision{File, desk.MailAuto, "auto"}},
	{func(f Facts) bool { return f.Own && f.Token == Valid }, Decision{Note, desk.MailJoined, "own"}},
	{func(f Facts) bool { return f.Own }, Decision{File, desk.MailAuto, "own"}},
	{func(f Facts) bool { return f.Auto && f.Token == Valid && (f.Known && !f.Forged || f.Machine) }, Decision{Note, desk.MailJoined, "auto"}},
	{func(f Facts) bool { return f.Auto }, Decision{File, desk.MailAuto, "auto"}},

	{func(f Facts) bool { return f.Token == Valid && !f.Known }, Decision{Hold, desk.MailQuarantined, desk.HoldSomeoneElse}},
	{func(f Facts) bool { return f.Token == Valid && f.Forged }, Decision{Hold, desk.MailQuarantined, desk.HoldForged}},
	{func(f Facts) bool { return f.Token == Valid && f.Barred }, Decision{Hold, desk.MailQuarantined, "barred"}},
	{func(f Facts) bool { return f.Token == Valid && f.Helper }, Decision{Inform, desk.MailJoined, "outside"}},
	{func(f Facts) bool { return f.Token == Valid }, Decision{Join, desk.MailJoined, "answer"}},

	{func(f Facts) bool { return f.Token == Bogus || f.Number }, Decision{Hold, desk.MailQuarantined, desk.HoldClaim}},
	{func(Facts) bool { return true }, Decision{Submit, desk.MailCase, "new"}},
}

// Route says where a mail goes.
func Route(f Facts) Decision {
	for _, r := range table {
		if r.when(f) {
			return r.then
		}
	}
	return Decision{Submit, desk.MailCase, "new"}
}
