package textmodel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
)

// reports are a kind of text that the base lets pass: a shop's own junk.
func reports(from, to int) []string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf("Weekly harbour timetable bulletin no. %d: ferry %c%d departs pier %d, see the enclosed harbour timetable.", i, 'A'+rune(i%26), i*7, i%9))
	}
	return out
}

func lessons(texts []string, spam bool) []Lesson {
	var out []Lesson
	for _, s := range texts {
		out = append(out, Lesson{Features: Features(s), Spam: spam})
	}
	return out
}

func above(m *Model, texts []string) int {
	n := 0
	for _, s := range texts {
		if m.Score(s) > 0 {
			n++
		}
	}
	return n
}

func TestLearn(t *testing.T) {
	base := Base()
	if n := above(base, reports(0, 60)); n > 0 {
		t.Fatalf("the base holds %d already", n)
	}
	m, report, err := base.Learn(context.Background(), lessons(reports(0, 20), true), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := above(m, reports(20, 60)); n < 36 {
		t.Errorf("%d of 40 further ones are held: %+v", n, report)
	}
	if report.Lessons != 20 || report.RightBefore != 0 || report.RightAfter != 20 || report.Anchors == 0 || report.Strength != 1 {
		t.Errorf("%+v", report)
	}
	rows := formRows(t)
	var before, after int
	for _, r := range rows {
		if r.Label == "ham" {
			if base.Score(r.Text) > 0 {
				before++
			}
			if m.Score(r.Text) > 0 {
				after++
			}
		}
	}
	if after > before+2 {
		t.Errorf("of other shops' messages %d are held, %d before", after, before)
	}

	stored, err := base.WithDelta(m.Delta())
	if err != nil {
		t.Fatal(err)
	}
	if stored.ID() != m.ID() || stored.Score(reports(1, 2)[0]) != m.Score(reports(1, 2)[0]) {
		t.Error("what was stored is not what was learned")
	}
	if stored.ID() == base.ID() {
		t.Error("base and learned model bear one id")
	}
	again, _, err := base.Learn(context.Background(), lessons(reports(0, 20), true), nil)
	if err != nil || !bytes.Equal(again.Delta(), m.Delta()) {
		t.Error("the same lessons give another model", err)
	}
}

// TestLearnOrdinary teaches that what the base holds is ordinary in this shop.
func TestLearnOrdinary(t *testing.T) {
	var held []string
	for _, r := range formRows(t) {
		if r.Label == "spam" && Base().Score(r.Text) > 0.5 {
			held = append(held, r.Text)
		}
	}
	held = held[:20]
	m, _, err := Base().Learn(context.Background(), lessons(held, false), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := above(m, held); n > 2 {
		t.Errorf("%d of 20 are held still", n)
	}
}

// TestLearnRefuses calls junk what the shop accepts every day and what stands
// right below the threshold.
func TestLearnRefuses(t *testing.T) {
	var near []string
	for _, r := range formRows(t) {
		if score := Base().Score(r.Text); score <= 0 && score > -1 {
			near = append(near, r.Text)
		}
	}
	if len(near) < 5 {
		t.Fatalf("only %d texts stand near the threshold", len(near))
	}
	var accepted []Vector
	var ls []Lesson
	for range 20 {
		for _, s := range near {
			accepted = append(accepted, Features(s))
			ls = append(ls, lessons([]string{s}, true)...)
		}
	}
	_, report, err := Base().Learn(context.Background(), ls, accepted)
	if !errors.Is(err, ErrWorse) || report.HeldAfter <= report.HeldBefore {
		t.Errorf("%v, %+v", err, report)
	}
}

// TestLearnWeakens teaches with far more junk than the shop accepts of the same
// kind: what is learned is applied only as far as it does no harm.
func TestLearnWeakens(t *testing.T) {
	var accepted []Vector
	for _, s := range reports(0, 200) {
		accepted = append(accepted, Features(s))
	}
	_, report, err := Base().Learn(context.Background(), lessons(reports(200, 1200), true), accepted)
	if err != nil && !errors.Is(err, ErrWorse) {
		t.Fatal(err)
	}
	if err == nil && (report.HeldAfter > report.HeldBefore || report.Strength >= 1) {
		t.Errorf("%+v", report)
	}
}

func TestLearnNothing(t *testing.T) {
	m, report, err := Base().Learn(context.Background(), nil, []Vector{Features("hello")})
	if err != nil || m.ID() != Base().ID() || report.Accepted != 1 {
		t.Errorf("%v %+v", err, report)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Base().Learn(ctx, lessons(reports(0, 2), true), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWithDeltaRefuses(t *testing.T) {
	m, _, err := Base().Learn(context.Background(), lessons(reports(0, 5), true), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Learn(context.Background(), lessons(reports(0, 5), true), nil); err == nil {
		t.Error("a learned model is learned upon")
	}
	other := bytes.Clone(m.Delta())
	other[10] ^= 1
	if _, err := Base().WithDelta(other); !errors.Is(err, ErrBase) {
		t.Errorf("another base: %v", err)
	}
	notNumber := bytes.Clone(m.Delta())
	copy(notNumber[len(scheme())+len(Base().ID()):], "\x00\x00\xc0\x7f")
	for _, d := range [][]byte{nil, notNumber, m.Delta()[:20], m.Delta()[:len(m.Delta())-1], append(bytes.Clone(m.Delta()), 0xFF)} {
		if _, err := Base().WithDelta(d); err == nil {
			t.Errorf("%d bytes are read", len(d))
		}
	}
}

// BenchmarkLearn is the largest training of a shop: 5,000 lessons and 2,000
// accepted messages.
func BenchmarkLearn(b *testing.B) {
	rows := formRows(b)
	var ls []Lesson
	for i := range 5_000 {
		r := rows[i%len(rows)]
		ls = append(ls, Lesson{Features: Features(fmt.Sprint(r.Text, i)), Spam: r.Label == "spam"})
	}
	var accepted []Vector
	for i := range 2_000 {
		accepted = append(accepted, Features(fmt.Sprint("Where is my order? ", i)))
	}
	for b.Loop() {
		if _, _, err := Base().Learn(context.Background(), ls, accepted); err != nil {
			b.Fatal(err)
		}
	}
}
