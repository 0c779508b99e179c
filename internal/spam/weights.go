package spam

import "math"

// Weight is one row of the table: what a signal may add to the score.
type Weight struct {
	// Name is the signal's.
	Name string
	// Group says what the signal looks at: "staff", "sender", "form",
	// "network", "words", "text" or "links".
	Group string
	// Points are natural log-odds by grade, the mildest grade first. Positive
	// speaks for junk, negative for trust.
	Points []float64
	// Why says in a line why it weighs so much, and what its grades are.
	Why string

	// hard is the grade, counted from 1, from which on it is a hard sign: of a
	// machine, of staff's will, or of a lure elsewhere; 0 for none. Whoever gives
	// one has no privilege, see Verdict.Pitch and innocent.
	hard int
}

// The groups. The signals of groupWords read the same words in different ways;
// together they count for no more than wordsMost.
const (
	groupStaff   = "staff"
	groupSender  = "sender"
	groupForm    = "form"
	groupNetwork = "network"
	groupWords   = "words"
	groupText    = "text"
	groupLinks   = "links"
)

// What holds for sums and curves rather than for one signal.
const (
	// scoreEven is the score at which junk and mail are equally likely; the
	// threshold of quarantine stands at 88 %.
	scoreEven = 3
	// wordsMost is all that group "words" may add: what somebody writes holds
	// a message, and does not block it without a sign of another kind.
	wordsMost = 8
	// topicMost bounds the keywords of one topic. The weight of each entry
	// stands beside it in keywords.txt.
	topicMost = 7
	// senderMost is all that "rate_email" and "sender_texts" may add for messages
	// from other networks than this one's: anybody can type a customer's address
	// often, and the customer must not be held for it.
	senderMost = 3
	// pitchRoom is by how many points a sales pitch may pass the threshold of
	// quarantine where the shop takes pitches at a low priority.
	pitchRoom = 3
	// textSilent is the weight below which the model's word is not worth a line.
	textSilent = 0.3
)

// textCurve turns the model's score into a weight, in straight lines between
// these points. At the model's threshold (0, about one good message in a
// hundred above it) the text alone stays below quarantine, so that a customer
// who reads oddly gets through from an ordinary browser; from 1 on (two or three
// times as likely junk as at the threshold) it is held by its text alone.
var textCurve = [...]struct{ score, weight float64 }{
	{-4, -1}, {-2, -0.5}, {0, 3}, {1, 6}, {4, 7},
}

// table holds every signal. Nothing else in this package sets a weight but
// keywords.txt.
var table = []Weight{
	// Decided by staff. A rule decides by itself, whatever the score.
	{Name: "rule", Group: groupStaff, Points: []float64{defaultQuarantine, defaultBlock, -defaultBlock}, Why: "a rule of the shop: hold, block, allow; as much as the action takes at the default thresholds"},
	{Name: "country", Group: groupStaff, Points: []float64{defaultQuarantine, defaultBlock, -defaultBlock}, Why: "a rule of the shop for a whole country: hold, block, allow; the same as any rule"},
	{Name: "contact_blocked", Group: groupStaff, Points: []float64{10}, hard: 1, Why: "staff want nothing more from this person: twice the threshold, so that no trust lets it through"},
	{Name: "unconfirmed", Group: groupStaff, Points: []float64{0}, Why: "waits until the mail address is confirmed: says nothing of the message, the shop's setting holds it"},
	{Name: "someone_else", Group: groupStaff, Points: []float64{0}, Why: "answers a case from an address that has no part in it: says nothing of the message, staff decide where it belongs"},
	{Name: "forged_sender", Group: groupStaff, Points: []float64{0}, Why: "answers a case under the address of somebody who did not send it: held for it, whatever its words"},
	{Name: "bogus_claim", Group: groupStaff, Points: []float64{0}, Why: "says that it belongs to a case and does not: a guess, held for it"},
	{Name: "files_dropped", Group: groupStaff, Points: []float64{0}, Why: "a note for staff, no sign of junk"},

	// Who sends.
	{Name: "member", Group: groupSender, Points: []float64{-6, 0}, Why: "the shop's own site vouches for the person: outweighs most texts and a shared address, not a machine on top of junk; nothing once one member sends more within an hour than one address may"},
	{Name: "member_invalid", Group: groupSender, Points: []float64{1.5}, Why: "a reference that the shop never issued; an expired page may hold one too"},
	{Name: "authenticated", Group: groupSender, Points: []float64{-2}, Why: "signed in or with a key: some trust, but forwarded junk stays junk"},
	{Name: "disposable_email", Group: groupSender, Points: []float64{2}, Why: "throw-away addresses: some people protect themselves so"},
	{Name: "domain_no_mail", Group: groupSender, Points: []float64{1.5}, Why: "no answer can reach the address: invented, or mistyped"},
	{Name: "mail_verified", Group: groupSender, Points: []float64{-1}, Why: "DMARC passed: the sender is who he says; those who send junk have domains of their own too"},
	{Name: "mail_forged", Group: groupSender, Points: []float64{3}, Why: "DMARC failed: forged, or sent on by a list, which breaks it for honest people"},
	{Name: "mail_spf", Group: groupSender, Points: []float64{0.5, 1}, Why: "SPF doubts, denies: whoever has mail forwarded looks like that"},
	{Name: "mail_dkim", Group: groupSender, Points: []float64{0.5}, Why: "a broken signature: changed under way, as lists and scanners do"},
	{Name: "reply_to_other", Group: groupSender, Points: []float64{1}, Why: "answers are wanted elsewhere: lures, and programs that write for people"},
	{Name: "rate_email", Group: groupSender, Points: []float64{1.5, 3, 5}, Why: "one address, many messages: above the limit, twice, five times; with sender_texts no more than senderMost for what came from other networks"},
	{Name: "sender_texts", Group: groupSender, Points: []float64{1, 2, 3}, Why: "one sender, many different texts: above the limit, twice, five times; impatient people do it too"},
	{Name: "near_duplicate", Group: groupSender, Points: []float64{1.5, 3, 4.5, 7, 9}, hard: 4, Why: "a longer text that 2, 5, 15 other senders sent too: a campaign, or customers who share a letter of protest, so not held alone; the last two: staff confirmed it as junk, once, three times, and for a short text the second and fourth"},
	{Name: "phone_country", Group: groupSender, Points: []float64{0.5, 1}, Why: "a foreign number: people travel and move; more when the network is of a third country"},

	// The form and its traps.
	{Name: "honeypot", Group: groupForm, Points: []float64{8}, hard: 1, Why: "only programs fill in what people cannot see; held even from a trusted sender"},
	{Name: "token_missing", Group: groupForm, Points: []float64{1.5}, Why: "posted without fetching the form: programs, and simple clients of guests"},
	{Name: "token_expired", Group: groupForm, Points: []float64{1}, Why: "a tab left open for a day"},
	{Name: "token_replayed", Group: groupForm, Points: []float64{1.5}, hard: 1, Why: "one copy of the form sent again: programs, or the back button"},
	{Name: "token_invalid", Group: groupForm, Points: []float64{3}, hard: 1, Why: "forged or changed; a changed server key makes honest ones so too, so not enough alone"},
	{Name: "fill_time", Group: groupForm, Points: []float64{2.5}, Why: "under three seconds: programs, and browsers that fill in fields"},
	{Name: "pow_missing", Group: groupForm, Points: []float64{0.5}, Why: "browsers without JavaScript are rare but honest"},
	{Name: "pow_invalid", Group: groupForm, Points: []float64{2}, hard: 1, Why: "a made-up proof; a broken browser may send one"},
	{Name: "pow_valid", Group: groupForm, Points: []float64{-1}, Why: "work was done: a little trust, programs can do it too; none where a captcha was asked for and could be checked"},
	{Name: "captcha_valid", Group: groupForm, Points: []float64{-1.5}, Why: "the provider saw a person: trust like work done and a bit more"},
	{Name: "captcha_missing", Group: groupForm, Points: []float64{2}, Why: "asked for and not sent: programs, and pages where the provider is walled off"},
	{Name: "captcha_invalid", Group: groupForm, Points: []float64{3}, hard: 1, Why: "refused by the provider"},
	{Name: "captcha_duplicate", Group: groupForm, Points: []float64{2}, hard: 1, Why: "used before or too old: programs that resend, or the back button"},
	{Name: "captcha_wrong_host", Group: groupForm, Points: []float64{3}, hard: 1, Why: "solved on somebody else's page"},
	{Name: "captcha_low_score", Group: groupForm, Points: []float64{2}, Why: "the provider doubts it; it doubts people with strict browsers too"},
	{Name: "captcha_down", Group: groupForm, Points: []float64{0.5}, Why: "could not be asked: as one without proof of work, the line goes on"},
	{Name: "pasted", Group: groupForm, Points: []float64{0.5, 1}, Why: "a long text with hardly a key pressed: pasted, or put in by a program; people paste and dictate"},

	// The network.
	{Name: "user_agent_missing", Group: groupNetwork, Points: []float64{1}, Why: "browsers say their name"},
	{Name: "headers", Group: groupNetwork, Points: []float64{0.5, 1, 1.5}, Why: "a request unlike a browser's: one, two, three oddities; proxies and extensions cause one"},
	{Name: "rate_ip", Group: groupNetwork, Points: []float64{2, 4, 6}, Why: "one address: above the limit, twice, five times; offices share one, so held alone only from five"},
	{Name: "rate_network", Group: groupNetwork, Points: []float64{1, 2, 3}, Why: "one network (/24, /56): whole phone companies share some; it counts the messages of rate_ip again, so only the larger of the two adds points"},
	{Name: "rate_country", Group: groupNetwork, Points: []float64{0.5, 1, 1.5}, Why: "one country: a hint on a bad day only"},
	{Name: "rate_overall", Group: groupNetwork, Points: []float64{0.5, 1, 2}, Why: "the whole site: sales days are busy too"},

	// The words; capped together, see wordsMost.
	{Name: "text", Group: groupWords, Points: []float64{-1, 7}, Why: "the learned model, from trust to clear junk along textCurve; no trust beside gibberish_text, link_density and links to strangers"},
	{Name: "keyword", Group: groupWords, Points: []float64{topicMost}, Why: "words of typical junk, weighed one by one in keywords.txt; the most for one topic"},
	{Name: "chat_handle", Group: groupWords, Points: []float64{1, 2}, hard: 2, Why: "an id on a messenger: guests leave theirs; more with a call to add it, or in the name"},
	{Name: "link_chat", Group: groupWords, Points: []float64{1}, hard: 1, Why: "an invitation to a chat elsewhere"},
	{Name: "link_shortener", Group: groupWords, Points: []float64{1, 2}, hard: 1, Why: "one, several; customers in Taiwan share photos by them"},
	{Name: "pitch", Group: groupWords, Points: []float64{0}, Why: "an offer or a wish to cooperate: no junk by itself, the shop's setting says what becomes of it"},

	// The text beside its words.
	{Name: "markup", Group: groupText, Points: []float64{0.5, 1, 3, 5}, hard: 1, Why: "Markdown link, HTML tags, link as HTML or BBCode, both: forms take plain text"},
	{Name: "repeated_char", Group: groupText, Points: []float64{1.5}, Why: "mostly one letter: tests and temper as well"},
	{Name: "repeated_line", Group: groupText, Points: []float64{1.5, 3}, Why: "a line three times, eight times"},
	{Name: "repeated_text", Group: groupText, Points: []float64{1.5}, Why: "the same phrase over and over"},
	{Name: "gibberish_text", Group: groupText, Points: []float64{1.5, 3}, Why: "letters nobody could say; more when the name is such too"},
	{Name: "gibberish_name", Group: groupText, Points: []float64{1}, Why: "foreign names look odd, so mild"},
	{Name: "name_is_text", Group: groupText, Points: []float64{2}, Why: "name and message are the same: programs that fill in one word everywhere"},
	{Name: "script", Group: groupText, Points: []float64{0.5, 1}, Why: "letters that fit neither page nor browser: Latin or East Asian, others; people write in the language they have"},
	{Name: "language_mismatch", Group: groupText, Points: []float64{0.5, 1, 1.5}, Why: "from a foreign country, in letters unlike the page's: Latin, others, others and unlike the browser's; listed in place of script"},
	{Name: "homoglyphs", Group: groupText, Points: []float64{2, 3.5}, hard: 1, Why: "disguised words, one or two, three: made to escape word lists; a slip of the keyboard makes one"},
	{Name: "hidden_chars", Group: groupText, Points: []float64{0.5, 1.5, 2.5}, hard: 2, Why: "invisible characters: one or two as copied from pages, three, ten"},
	{Name: "bidi_override", Group: groupText, Points: []float64{1.5}, hard: 1, Why: "text forced to run backwards: to disguise"},
	{Name: "styled_letters", Group: groupText, Points: []float64{1.5}, Why: "letters of mathematics as ornament: word lists miss them, young people like them"},

	// Links.
	{Name: "links", Group: groupLinks, Points: []float64{0.5, 1, 2, 3, 4}, hard: 3, Why: "one link is what a customer pastes; two, three, five, ten"},
	{Name: "link_punycode", Group: groupLinks, Points: []float64{1}, Why: "hosts in other letters: honest in Asia, handy for disguise"},
	{Name: "link_ip", Group: groupLinks, Points: []float64{1.5}, hard: 1, Why: "shops and customers use names"},
	{Name: "link_ending", Group: groupLinks, Points: []float64{1}, hard: 1, Why: "endings that cost nothing are used up fast"},
	{Name: "link_density", Group: groupLinks, Points: []float64{1}, Why: "links and little else; a customer may paste a product link alone"},
	{Name: "name_link", Group: groupLinks, Points: []float64{3}, hard: 1, Why: "nobody is called a link"},
	{Name: "field_link", Group: groupLinks, Points: []float64{2.5}, hard: 1, Why: "nobody phones a link; a parcel's address may be pasted as order number"},
}

// isHard reports whether a weight reaches the signal's hard grade.
func (w Weight) isHard(weight float64) bool {
	return w.hard > 0 && weight >= w.Points[w.hard-1]
}

// rows is the table by name.
var rows = func() map[string]Weight {
	m := make(map[string]Weight, len(table))
	for _, w := range table {
		m[w.Name] = w
	}
	return m
}()

// Weights returns the table of all signals, in the order in which it reads.
func Weights() []Weight {
	out := make([]Weight, len(table))
	for i, w := range table {
		w.Points = append([]float64(nil), w.Points...)
		out[i] = w
	}
	return out
}

// Names returns the names of all signals that a shop may switch off, in the
// order of the table. What staff decide elsewhere (rules, blocked contacts, the
// confirmation of mail) is not among them.
func Names() []string {
	var out []string
	for _, w := range table {
		if w.Group != groupStaff {
			out = append(out, w.Name)
		}
	}
	return out
}

// Switched makes Input.Off of a list of signal names. Names that do not exist,
// or that staff decide elsewhere, are left out.
func Switched(off []string) map[string]bool {
	set := map[string]bool{}
	for _, name := range off {
		if w, ok := rows[name]; ok && w.Group != groupStaff {
			set[name] = true
		}
	}
	return set
}

// Noticed returns a signal that is found outside this package, as
// "contact_blocked", with its weight from the table; 0 for a name that is not
// in it.
func Noticed(name, sentence string, data map[string]any) Signal {
	return Signal{Name: name, Weight: points(name, 0), Sentence: sentence, Data: data}
}

// Probability is how likely a message with this score is junk, from 0 to 1.
func Probability(score float64) float64 {
	return logistic(score - scoreEven)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// points is what the table says of a signal at a grade.
func points(name string, grade int) float64 {
	p := rows[name].Points
	if grade < 0 || grade >= len(p) {
		return 0
	}
	return p[grade]
}

// grade counts the steps that n has reached, less one: of 1, 3, 10, it is 0
// from 1 on, 1 from 3 on, 2 from 10 on, and -1 below.
func grade(n int, steps ...int) int {
	g := -1
	for _, step := range steps {
		if n >= step {
			g++
		}
	}
	return g
}
