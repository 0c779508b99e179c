package learning_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
	"github.com/pocketdesk/pocketdesk/internal/spam"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// What staff call junk again and again scores higher afterwards, also after a
// restart, and no more when every lesson is taken back.
func TestLearns(t *testing.T) {
	app, w, _ := setup(t)
	agent := app.Agent(desk.RoleAgent, "")
	for i := range 12 {
		confirmed(t, app, agent, pitch(i))
	}
	released(t, app, agent, "The teapot arrived with a crack in its lid.")
	next := spam.TextOf("Offer", pitch(99))
	before := w.Model().Score(next)
	retrain(t, w)
	after := w.Model().Score(next)
	if after <= before {
		t.Errorf("score %.2f, was %.2f", after, before)
	}
	if n := len(app.All(desk.Corrections, desktest.Values{"used": true})); n != 13 {
		t.Errorf("%d of 13 lessons are marked as used", n)
	}
	r := app.One(desk.SpamModels, nil)
	if r.GetString("status") != learning.InUse || r.GetInt("lessons") != 13 || r.GetString("base") != textmodel.Base().ID() {
		t.Errorf("recorded %v", r)
	}
	if len(app.All(desk.Events, desktest.Values{"kind": "model_trained"})) != 1 {
		t.Error("no event")
	}
	state, err := w.State()
	if err != nil || state.Status != learning.InUse || state.ID == state.Base || state.Lessons != 13 || state.Taught != 13 || state.Refused != nil {
		t.Errorf("%+v, %v", state, err)
	}

	later := app.AfterCrash()
	again := learning.New(later, learning.Config{Commit: later.Commit})
	if err := again.Load(); err != nil {
		t.Fatal(err)
	}
	if again.Model().ID() != w.Model().ID() || again.Model().Score(next) != after {
		t.Errorf("after a restart: %s and %.2f, was %s and %.2f", again.Model().ID(), again.Model().Score(next), w.Model().ID(), after)
	}

	for _, r := range app.All(desk.Corrections, nil) {
		if err := app.Delete(r); err != nil {
			t.Fatal(err)
		}
	}
	retrain(t, w)
	if w.Model() != textmodel.Base() || w.Model().Score(next) != before {
		t.Error("without lessons the shipped model does not judge")
	}
	if r := app.One(desk.SpamModels, nil); r.GetString("status") != learning.Replaced {
		t.Errorf("status %s", r.GetString("status"))
	}
}

// A model that would hold more of the shop's good messages is not taken.
func TestRefused(t *testing.T) {
	app, w, teacher := setup(t)
	agent := app.Agent(desk.RoleAgent, "")
	for i := range 5 {
		confirmed(t, app, agent, pitch(i))
	}
	retrain(t, w)
	was := w.Model()
	codes := map[string]string{"worse": learning.Worse, "broken": learning.Failed}
	for name, fault := range map[string]error{"worse": fmt.Errorf("%w: 3 of 40", textmodel.ErrWorse), "broken": errors.New("no memory")} {
		app.Clock.Advance(time.Minute)
		confirmed(t, app, agent, "One more of another kind: "+name)
		teacher.fail(fault)
		retrain(t, w)
		if w.Model() != was {
			t.Errorf("%s: the model was swapped", name)
		}
		s, err := w.State()
		if err != nil || s.Status != learning.InUse || s.Lessons != 5 || s.Refused == nil || s.Refused.Reason != fault.Error() || s.Refused.Code != codes[name] {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	if n := len(app.All(desk.SpamModels, desktest.Values{"status": learning.InUse})); n != 1 {
		t.Errorf("%d models in use", n)
	}
	if n := len(app.All(desk.Corrections, desktest.Values{"used": true})); n != 5 {
		t.Errorf("%d lessons are used, want those of the model in use", n)
	}
	if n := len(app.All(desk.Events, desktest.Values{"kind": "model_refused"})); n != 2 {
		t.Errorf("%d events", n)
	}
	app.Clock.Advance(time.Minute)
	teacher.fail(nil)
	retrain(t, w)
	if s, err := w.State(); err != nil || s.Refused != nil || s.Lessons != 7 {
		t.Errorf("after the next one: %+v, %v", s, err)
	}
}

// panicking learns nothing.
type panicking struct{}

func (panicking) Learn(context.Context, []textmodel.Lesson, []textmodel.Vector) (*textmodel.Model, textmodel.Report, error) {
	panic("index out of range")
}

func TestPanicAndCancel(t *testing.T) {
	app, w, teacher := setup(t)
	confirmed(t, app, app.Agent(desk.RoleAgent, ""), pitch(1))
	ctx, cancel := context.WithCancel(t.Context())
	teacher.fail(context.Canceled)
	cancel()
	if err := w.Retrain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if n := len(app.All(desk.SpamModels, nil)); n != 0 {
		t.Errorf("%d models are recorded for a training that was broken off", n)
	}
	broken := learning.New(app, learning.Config{Commit: app.Commit, Learner: panicking{}})
	retrain(t, broken)
	if r := app.One(desk.SpamModels, nil); r.GetString("status") != learning.Refused || !strings.Contains(r.GetString("note"), "index out of range") {
		t.Errorf("%v", r)
	}
	if broken.Model() != textmodel.Base() {
		t.Error("the model was swapped")
	}
}

// What is learned from: every lesson that can be read, and of the history what
// the shop wants to go on receiving.
func TestMaterial(t *testing.T) {
	app, w, teacher := setup(t)
	agent := app.Agent(desk.RoleAgent, "")
	old := app.Case(desktest.Values{"email": "old@example.com", "message": "An old question about the teapot."})
	app.Clock.Advance(91 * 24 * time.Hour)
	visitor := func(name string) *desk.Case {
		return app.Case(desktest.Values{"email": name + "@example.com", "subject": name, "message": "A question of " + name + " about the parcel."})
	}
	open, answered, dropped, tagged, marked := visitor("open"), visitor("answered"), visitor("dropped"), visitor("tagged"), visitor("marked")
	app.Reply(answered, agent, nil)
	app.Put(app.Find(desk.Cases, answered.Id), desktest.Values{"status": desk.Resolved})
	app.Put(dropped.Record, desktest.Values{"status": desk.Closed})
	app.Put(tagged.Record, desktest.Values{"tags": []string{"vip", "spam"}})
	if err := app.Door.MarkSpam(app, marked.Id, agent); err != nil {
		t.Fatal(err)
	}
	released(t, app, agent, "Let through by hand.")
	foreign := confirmed(t, app, agent, pitch(1))
	orphan := confirmed(t, app, agent, pitch(2))
	for _, r := range []string{foreign.Feedback.Id, orphan.Feedback.Id} {
		app.Put(app.One(desk.Corrections, desktest.Values{"feedback": r}), desktest.Values{"features": "made for another model"})
	}
	if err := app.Delete(app.Find(desk.Feedbacks, orphan.Feedback.Id)); err != nil {
		t.Fatal(err)
	}
	if n := len(app.All(desk.Corrections, nil)); n != 4 {
		t.Fatalf("%d lessons, want 4: one outlives its message", n)
	}
	retrain(t, w)
	junk := 0
	for _, l := range teacher.lessons {
		if len(l.Features) == 0 {
			t.Error("a lesson without features")
		}
		if l.Spam {
			junk++
		}
	}
	if len(teacher.lessons) != 3 || junk != 2 {
		t.Errorf("%d lessons, %d of junk; want 3 and 2", len(teacher.lessons), junk)
	}
	again := app.One(desk.Corrections, desktest.Values{"feedback": foreign.Feedback.Id})
	if _, err := textmodel.DecodeVector(again.GetString("features")); err != nil || !again.GetBool("used") {
		t.Errorf("features made anew are not kept: %v", err)
	}
	want := map[string]bool{}
	for _, c := range []*desk.Case{open, answered} {
		f, err := desk.FindFeedback(app, c.Feedback())
		if err != nil {
			t.Fatal(err)
		}
		want[textmodel.Features(spam.TextOf(f.Subject(), f.Message())).Encode()] = true
	}
	for _, v := range teacher.accepted {
		if !want[v.Encode()] {
			t.Error("the accepted history holds something else than the open and the answered case")
		}
	}
	if len(teacher.accepted) != len(want) {
		t.Errorf("%d accepted messages, want %d; %s is too old", len(teacher.accepted), len(want), old.Id)
	}
}

func TestKeepsTen(t *testing.T) {
	app, w, teacher := setup(t)
	agent := app.Agent(desk.RoleAgent, "")
	confirmed(t, app, agent, pitch(1))
	retrain(t, w)
	used := app.One(desk.SpamModels, nil)
	teacher.fail(textmodel.ErrWorse)
	for range 14 {
		app.Clock.Advance(time.Minute)
		retrain(t, w)
	}
	if n := len(app.All(desk.SpamModels, nil)); n != 11 { // ten and the one in use
		t.Errorf("%d models are kept", n)
	}
	if app.Find(desk.SpamModels, used.Id).GetString("status") != learning.InUse {
		t.Error("the model in use was dropped")
	}
}
