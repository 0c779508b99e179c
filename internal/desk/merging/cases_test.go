package merging_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

// Anna writes twice about one parcel. The two become one case: her words stand in
// order, both links lead there, and so does an answer to the mails of either.
func TestMergeCasesOfOnePerson(t *testing.T) {
	b := newBench(t)
	old := b.Case(desktest.Values{"message": "Where is my parcel? I ordered it last week."})
	b.Clock.Advance(time.Hour)
	newer := b.Case(desktest.Values{"message": "Still nothing here. What about the parcel?", "attachments": b.File("label.txt", "label")})
	b.Put(newer.Record, desktest.Values{"tags": []string{"late"}})
	b.Put(old.Record, desktest.Values{"tags": []string{"parcel"}})

	p, err := b.station.Preview(b, b.agent, merging.Request{Kind: desk.MergeCase, Source: newer.Id, Target: old.Id})
	if err != nil {
		t.Fatal(err)
	}
	if p.Counts["messages"] != 2 || p.Source.Number != newer.Number() || len(p.Warnings) != 0 {
		t.Errorf("preview %+v", p)
	}
	if got := b.again(newer); got.MergedInto() != "" {
		t.Fatal("a preview merged the cases")
	}
	done := b.merge(desk.MergeCase, newer.Id, old.Id)
	if got := b.words(old); len(got) != 2 || got[0] != "Where is my parcel? I ordered it last week." {
		t.Errorf("words %q", got)
	}
	source, target := b.again(newer), b.again(old)
	if source.Status() != desk.Closed || source.MergedInto() != old.Id || !slices.Equal(target.Tags(), []string{"parcel", "late"}) {
		t.Errorf("source %s into %q, tags %v", source.Status(), source.MergedInto(), target.Tags())
	}
	if got, want := b.page(newer), b.page(old); !slices.Equal(got, want) || len(got) != 2 {
		t.Errorf("the links show %q and %q", got, want)
	}
	seen, err := tracking.Find(b, newer.TrackToken())
	if err != nil {
		t.Fatal(err)
	}
	if _, files := seen.Files(seen.Messages[1]); len(files) != 1 {
		t.Error("the file of the second message is gone from the page")
	}
	if _, files := seen.Files(seen.Messages[0]); len(files) != 0 {
		t.Error("the file stands with the first message")
	}
	b.Clock.Advance(time.Hour)
	row := b.Take(desktest.Letter("By mail: please hurry.", map[string]string{"To": desktest.AnswerTo(newer), "Subject": "Re: parcel"}))
	if row.GetString("outcome") != desk.MailJoined || row.Case() != old.Id {
		t.Errorf("the answer became %s on %s", row.GetString("outcome"), row.Case())
	}
	if err := b.tracker.Say(b, tracking.Said{Case: newer, Body: "By the old page."}); err != nil {
		t.Fatal(err)
	}
	if got := b.words(old); !slices.Contains(got, "By the old page.") || !slices.Contains(got, "By mail: please hurry.") {
		t.Errorf("words %q", got)
	}
	if len(b.words(newer)) != 0 {
		t.Errorf("words stand on the source: %q", b.words(newer))
	}
	out := b.undo(done.ID)
	if len(b.words(newer)) != 1 || len(b.words(old)) != 3 {
		t.Errorf("after undo: %q and %q", b.words(newer), b.words(old))
	}
	if !slices.ContainsFunc(out.Left, func(r merging.Remark) bool { return r.Code == "came_since" }) {
		t.Errorf("left %v does not tell of what came since", out.Left)
	}
}

// A stranger typed Anna's phone, or is somebody else altogether: whoever holds one
// link never reads the words that came by the other.
func TestPagesStayApart(t *testing.T) {
	for name, change := range map[string]func(b *bench) (source, target *desk.Case){
		"two people": func(b *bench) (*desk.Case, *desk.Case) {
			return b.Case(desktest.Values{"email": "ben@example.com", "name": "Ben", "message": "Words of the other one, about a cup."}), b.Case(nil)
		},
		"one contact, two addresses": func(b *bench) (*desk.Case, *desk.Case) {
			c := b.Case(nil)
			other := b.Case(desktest.Values{"email": "anna2@example.com", "message": "Words of the other one, about a cup."})
			b.merge(desk.MergeContact, other.Contact(), c.Contact())
			return b.again(other), b.again(c)
		},
	} {
		for _, turned := range []bool{false, true} {
			b := newBench(t)
			source, target := change(b)
			if turned {
				source, target = target, source
			}
			own := b.page(target)
			p, err := b.station.Preview(b, b.agent, merging.Request{Kind: desk.MergeCase, Source: source.Id, Target: target.Id})
			if err != nil || !slices.ContainsFunc(p.Warnings, func(r merging.Remark) bool { return r.Code == "apart" }) {
				t.Errorf("%s: preview warns of %v, %v", name, p, err)
			}
			b.merge(desk.MergeCase, source.Id, target.Id)
			if got := b.page(source); got != nil {
				t.Errorf("%s: the source's link shows %q", name, got)
			}
			if got := b.page(target); !slices.Equal(got, own) {
				t.Errorf("%s: the target's link shows %q", name, got)
			}
			// the other one goes on by mail, and stays unread by the target's visitor
			f, err := desk.FindFeedback(b, source.Feedback())
			if err != nil {
				t.Fatal(err)
			}
			row := b.Take(desktest.Letter("More words of the other one.", map[string]string{"To": desktest.AnswerTo(source), "From": f.Email(), "Return-Path": "<" + f.Email() + ">"}))
			if row.Case() != target.Id || row.GetString("outcome") != desk.MailJoined {
				t.Errorf("%s: his mail became %s (%s) on %q", name, row.GetString("outcome"), row.GetString("reason"), row.Case())
			}
			if m := b.All(desk.Messages, desktest.Values{"case": target.Id, "channel": "email", "direction": "in"}); len(m) != 1 || m[0].GetString("contact") != source.Contact() {
				t.Errorf("%s: whose is his mail? %v", name, m)
			}
			if got := b.page(target); !slices.Equal(got, own) {
				t.Errorf("%s: later the target's link shows %q", name, got)
			}
		}
	}
}

// Two verified addresses of one person are proof enough.
func TestVerifiedAddressesShareAPage(t *testing.T) {
	b := newBench(t)
	one, two := b.Case(nil), b.Case(desktest.Values{"email": "anna2@example.com", "message": "Once more, about another cup."})
	b.merge(desk.MergeContact, two.Contact(), one.Contact())
	for _, i := range b.All(desk.Identities, nil) {
		b.Put(i, desktest.Values{"state": desk.StateVerified})
	}
	b.merge(desk.MergeCase, two.Id, one.Id)
	if got := b.page(two); len(got) != 2 {
		t.Errorf("page %q", got)
	}
}

func TestMergedTwice(t *testing.T) {
	b := newBench(t)
	var cases []*desk.Case
	for i := range 3 {
		b.Clock.Advance(time.Minute)
		cases = append(cases, b.Case(desktest.Values{"message": fmt.Sprint("Question number ", i, " about the same teapot, please.")}))
	}
	first := b.merge(desk.MergeCase, cases[0].Id, cases[1].Id)
	second := b.merge(desk.MergeCase, cases[1].Id, cases[2].Id)
	for _, c := range cases {
		if got := b.page(c); len(got) != 3 {
			t.Errorf("#%d shows %q", c.Number(), got)
		}
	}
	row := b.Take(desktest.Letter("And one thing more.", map[string]string{"To": desktest.AnswerTo(cases[0])}))
	if row.Case() != cases[2].Id {
		t.Error("an answer to the first case went astray")
	}
	_, err := b.station.Undo(b.agent, first.ID)
	b.refused(err, merging.MergeFirst)
	b.undo(second.ID)
	b.undo(first.ID)
	_, err = b.station.Undo(b.agent, first.ID)
	b.refused(err, merging.Undone)
	for i, c := range cases {
		if got := b.words(c); len(got) != 1+i/2 {
			t.Errorf("#%d has %q", c.Number(), got)
		}
	}
}

func TestMergeRefused(t *testing.T) {
	b := newBench(t)
	a, c := b.Case(nil), b.Case(desktest.Values{"email": "ben@example.com"})
	ask := func(agent *desk.Agent, r merging.Request, code string) {
		t.Helper()
		r.Kind = desk.MergeCase
		_, err := b.station.Preview(b, agent, r)
		b.refused(err, code)
		_, err = b.station.Merge(agent, r)
		b.refused(err, code)
	}
	ask(b.agent, merging.Request{Source: a.Id, Target: a.Id}, merging.Same)
	ask(b.agent, merging.Request{Source: a.Id, Target: "nothing"}, merging.Gone)
	team := b.Make(desk.Teams, desktest.Values{"name": "A"})
	b.Put(c.Record, desktest.Values{"team": team.Id})
	ask(b.Agent(desk.RoleAgent, ""), merging.Request{Source: a.Id, Target: c.Id}, merging.Gone)
	ask(b.Agent(desk.RoleAgent, ""), merging.Request{Source: c.Id, Target: a.Id}, merging.Gone)
	p, err := b.station.Preview(b, b.agent, merging.Request{Kind: desk.MergeCase, Source: a.Id, Target: c.Id})
	if err != nil {
		t.Fatal(err)
	}
	b.Reply(a, b.agent, nil)
	ask(b.agent, merging.Request{Source: a.Id, Target: c.Id, Seen: p.Seen}, merging.Changed)
	done := b.merge(desk.MergeCase, a.Id, c.Id)
	ask(b.agent, merging.Request{Source: c.Id, Target: a.Id}, merging.Merged)
	ask(b.agent, merging.Request{Source: a.Id, Target: c.Id}, merging.Merged)
	_, err = b.station.Undo(b.Agent(desk.RoleAgent, ""), done.ID)
	b.refused(err, merging.Gone)
	if _, err := b.Write(b.again(a), b.agent, nil); err == nil {
		t.Error("an answer was written on a case that was merged")
	}
	_, err = b.station.Merge(b.agent, merging.Request{Kind: "what"})
	b.refused(err, merging.Kind)
}

// What one of two conversations wants of us, both want then.
func TestMergedTurn(t *testing.T) {
	b := newBench(t)
	waiting := b.Case(nil)
	b.Clock.Advance(time.Hour)
	done := b.Case(desktest.Values{"message": "Another word about it, hello."})
	b.Reply(done, b.agent, desktest.Values{"status": desk.Resolved})
	since := waiting.GetString("waiting_since")
	follow := desk.Date(b.Clock.Now().Add(time.Hour)).String()
	b.Put(waiting.Record, desktest.Values{"follow_up_at": follow, "follow_up_note": "ask the depot"})
	early, late := desk.Date(b.Clock.Now().Add(2*time.Hour)).String(), desk.Date(b.Clock.Now().Add(5*time.Hour)).String()
	one := b.Make(desk.Promises, desktest.Values{"case": waiting.Id, "due_at": late, "state": desk.PromiseOpen})
	two := b.Make(desk.Promises, desktest.Values{"case": done.Id, "due_at": early, "state": desk.PromiseOpen})
	b.set(waiting, desktest.Values{"promised_at": late})
	b.set(done, desktest.Values{"promised_at": early})
	before := b.rows()
	m := b.merge(desk.MergeCase, waiting.Id, done.Id)
	c := b.again(done)
	if c.Status() != desk.Open || c.GetString("waiting_since") != since || c.GetString("follow_up_note") != "ask the depot" || c.GetString("promised_at") != early {
		t.Errorf("status %s, waits %s, note %q, promised %s", c.Status(), c.GetString("waiting_since"), c.GetString("follow_up_note"), c.GetString("promised_at"))
	}
	if s := b.again(waiting); s.GetString("follow_up_at") != "" || s.GetString("promised_at") != "" || s.GetString("due_at") != "" {
		t.Error("the source still wants something")
	}
	if b.Find(desk.Promises, one.Id).GetString("state") != desk.PromiseWithdrawn || b.Find(desk.Promises, two.Id).GetString("state") != desk.PromiseOpen {
		t.Error("a case has two open promises")
	}
	if out := b.undo(m.ID); len(out.Left) != 0 {
		t.Errorf("left %v", out.Left)
	}
	after := b.rows()
	for id, row := range after { // the merge opened the target, which its timeline goes on saying
		if _, ok := before[id]; !ok && slices.Contains(b.Kinds(done.Id), "status") {
			delete(after, id)
			_ = row
		}
	}
	b.same(before, after)
}

// Whatever two cases hold, a merge that is undone leaves them as they were.
func TestMergeUndoneIsAsBefore(t *testing.T) {
	for seed := range uint64(12) {
		b := newBench(t)
		r := rand.New(rand.NewPCG(seed, 7))
		pick := func(list ...any) any { return list[r.IntN(len(list))] }
		var cases []*desk.Case
		for i := range 2 + r.IntN(2) {
			v := desktest.Values{"message": fmt.Sprint("Question ", i, " about one thing or another."), "email": pick("anna@example.com", "ben@example.com", "")}
			if v["email"] == "" {
				v["phone"] = "+886912345678"
			}
			c := b.Case(v)
			for range r.IntN(3) {
				b.Clock.Advance(time.Minute)
				if v["email"] != "" && r.IntN(2) == 0 {
					b.Reply(c, b.agent, desktest.Values{"status": pick("", desk.Pending, desk.Resolved)})
				} else if err := b.tracker.Say(b, tracking.Said{Case: c, Body: fmt.Sprint("word ", r.IntN(1e6))}); err != nil {
					t.Fatal(err)
				}
			}
			b.set(c, desktest.Values{
				"tags": pick(nil, []string{"a"}, []string{"b", "c"}), "priority": pick("low", "urgent"), "follow_up_note": pick("", "call"),
				"follow_up_at": pick("", desk.Date(b.Clock.Now().Add(time.Hour*time.Duration(r.IntN(9)))).String()), "assignee": pick("", b.agent.Id),
			})
			cases = append(cases, b.again(c))
		}
		before := b.rows()
		var done []*merging.Done
		for i := 1; i < len(cases); i++ {
			done = append(done, b.merge(desk.MergeCase, cases[i-1].Id, cases[i].Id))
		}
		slices.Reverse(done)
		for _, d := range done {
			if out := b.undo(d.ID); len(out.Left) != 0 {
				t.Errorf("seed %d: left %v", seed, out.Left)
			}
		}
		after := b.rows()
		for _, ev := range b.All(desk.Events, desktest.Values{"kind": "status"}) {
			if _, ok := before[ev.Id]; !ok {
				delete(after, ev.Id)
			}
		}
		b.same(before, after)
	}
}

// A conversation of thousands of messages moves in one go.
func TestMergeManyMessages(t *testing.T) {
	b := newBench(t)
	a, c := b.Case(nil), b.Case(nil)
	err := b.RunInTransaction(func(tx core.App) error {
		for i := range 5000 {
			m, err := desk.NewMessage(tx, a.Id)
			if err != nil {
				return err
			}
			m.Set("direction", desk.In)
			m.Set("contact", a.Contact())
			m.Set("body", fmt.Sprint("word ", i))
			if err := desk.Save(tx, m.Record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	done := b.merge(desk.MergeCase, a.Id, c.Id)
	if n := len(b.All(desk.Messages, desktest.Values{"case": c.Id})); n < 5002 {
		t.Errorf("%d messages on the target", n)
	}
	b.undo(done.ID)
	if n := len(b.All(desk.Messages, desktest.Values{"case": a.Id})); n < 5001 {
		t.Errorf("%d messages back on the source", n)
	}
}

// The case that stays reports what the other one did, and no longer does once the
// merge is undone; what it reports itself goes before.
func TestMergeKeepsTheProblem(t *testing.T) {
	b := newBench(t)
	one, two := b.Make(desk.Problems, desktest.Values{"title": "One", "state": "open"}).Id, b.Make(desk.Problems, desktest.Values{"title": "Two", "state": "open"}).Id
	for own, want := range map[string]string{"": one, two: two} {
		old, newer := b.Case(nil), b.Case(nil)
		b.set(newer, desktest.Values{"problem": one, "problem_told": one})
		b.set(old, desktest.Values{"problem": own})
		done := b.merge(desk.MergeCase, newer.Id, old.Id)
		if got := b.again(old); got.GetString("problem") != want || (got.GetString("problem_told") == one) != (want == one) {
			t.Errorf("with %q it reports %q, told of %q", own, got.GetString("problem"), got.GetString("problem_told"))
		}
		b.undo(done.ID)
		if got := b.again(old); got.GetString("problem") != own || got.GetString("problem_told") != "" {
			t.Errorf("after the undo it reports %q", got.GetString("problem"))
		}
	}
}

// A case that waited for somebody with room, and gets the other one's person, waits
// no more, and does again once the merge is undone.
func TestMergeEndsTheWait(t *testing.T) {
	b := newBench(t)
	old, newer, since := b.Case(nil), b.Case(nil), desk.Date(b.Clock.Now()).String()
	b.set(old, desktest.Values{"queued_at": since, "alarmed_at": since, "assignee": ""})
	b.set(newer, desktest.Values{"assignee": b.agent.Id})
	done := b.merge(desk.MergeCase, newer.Id, old.Id)
	if got := b.again(old); got.Assignee() != b.agent.Id || got.GetString("queued_at")+got.GetString("alarmed_at") != "" {
		t.Errorf("%q has it, it waits since %q", got.Assignee(), got.GetString("queued_at"))
	}
	b.undo(done.ID)
	if got := b.again(old); got.Assignee() != "" || got.GetString("queued_at") != since || got.GetString("alarmed_at") != since {
		t.Errorf("%q has it, it waits since %q", got.Assignee(), got.GetString("queued_at"))
	}
}
