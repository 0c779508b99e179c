package liquid

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestUnknownVariables(t *testing.T) {
	tests := []struct {
		name, src, variable string
		line                int
	}{
		{"plain", "a\n{{ contact.nmae }}", "contact.nmae", 2},
		{"branch not taken", "{% if false %}\n{{ nope }}{% endif %}", "nope", 2},
		{"else branch", "{% if true %}{% else %}{{ nope }}{% endif %}", "nope", 1},
		{"condition", "{% if shop.name == nope.x %}{% endif %}", "nope.x", 1},
		{"condition behind or", "{% if true or nope %}{% endif %}", "nope", 1},
		{"condition in brackets", "{% if true and (false or nope) %}{% endif %}", "nope", 1},
		{"elsif", "{% if true %}{% elsif nope %}{% endif %}", "nope", 1},
		{"unless", "{% unless nope %}{% endunless %}", "nope", 1},
		{"case", "{% case nope %}{% when 1 %}{% endcase %}", "nope", 1},
		{"when", "{% case today %}{% when 1, nope %}{% endcase %}", "nope", 1},
		{"for", "{% for x in nope.list %}{% endfor %}", "nope.list", 1},
		{"for body", "{% for x in (1..0) %}{{ y }}{% endfor %}", "y", 1},
		{"loop variable afterwards", "{% for x in (1..2) %}{% endfor %}\n\n{{ x }}", "x", 3},
		{"forloop outside", "{{ forloop.index }}", "forloop.index", 1},
		{"forloop's unknown part", "{% for x in (1..2) %}{{ forloop.nope }}{% endfor %}", "forloop.nope", 1},
		{"filter argument", "{{ shop.name | append: nope }}", "nope", 1},
		{"second filter argument", `{{ shop.name | replace: "a", nope }}`, "nope", 1},
		{"assign", "{% assign x = nope %}", "nope", 1},
		{"before assign", "{{ x }}{% assign x = 1 %}", "x", 1},
		{"assigned on one branch only", "{% if shop.phone %}{% assign x = 1 %}{% endif %}{{ x }}", "x", 1},
		{"assigned without else", "{% case today %}{% when 1 %}{% assign x = 1 %}{% endcase %}{{ x }}", "x", 1},
		{"assigned in a loop", "{% for i in (1..2) %}{% assign x = 1 %}{% endfor %}{{ x }}", "x", 1},
		{"in capture", "{% capture x %}{{ nope }}{% endcapture %}", "nope", 1},
		{"a part of one's own variable", `{% assign x = "a" %}{{ x.size }}`, "x.size", 1},
		{"bare root", "{{ contact }}", "contact", 1},
		{"too deep", "{{ shop.name.size }}", "shop.name.size", 1},
		{"visitor's message is no variable", "{{ case.message }}", "case.message", 1},
	}
	e := New()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var unknown *UnknownVariableError
			if err := e.Check(tt.src); !errors.As(err, &unknown) {
				t.Fatalf("Check = %v", err)
			}
			if unknown.Name != tt.variable || unknown.Line != tt.line || !strings.Contains(unknown.Error(), tt.variable) {
				t.Errorf("got %v; want %s in line %d", unknown, tt.variable, tt.line)
			}
			if _, err := e.Render(tt.src, sample()); !errors.As(err, &unknown) {
				t.Errorf("Render = %v", err)
			}
		})
	}
}

func TestNearMatches(t *testing.T) {
	tests := []struct{ name, first string }{
		{"contact.nmae", "contact.name"},
		{"customer.name", "contact.name"},
		{"case.refrence", "case.reference"},
		{"ticket.reference", "case.reference"},
		{"tracking_link", "tracking_url"},
		{"Agent.Signature", "agent.signature"},
		{"case.answerby", "case.answer_by"},
	}
	for _, tt := range tests {
		if got := letters().near(tt.name); !slices.Contains(got, tt.first) || len(got) > 3 {
			t.Errorf("near(%q) = %v; want %s among them", tt.name, got, tt.first)
		}
	}
	if got := letters().near("contact"); len(got) == 0 || !strings.HasPrefix(got[0], "contact.") {
		t.Errorf("near(contact) = %v", got)
	}
	if got := letters().near("zzzzzzzzzz"); len(got) != 0 {
		t.Errorf("near(zzzzzzzzzz) = %v", got)
	}
	if err := New().Check("{{ contact.nmae }}"); !strings.Contains(err.Error(), "did you mean contact.name") {
		t.Errorf("message: %v", err)
	}
}

func TestSyntaxErrors(t *testing.T) {
	tests := []struct {
		name, src, says string
		line            int
	}{
		{"open object", "a\n{{ shop.name", "{{ has no end", 2},
		{"object over two lines", "{{ shop.name |\n upcase }}", "{{ has no end", 1},
		{"open tag", "a\nb\n {% if shop.name", "{% has no end", 3},
		{"empty tag", "{% %}", "nothing inside", 1},
		{"empty object", "{{}}", "{{ has no end, or nothing inside", 1},
		{"blank object", "{{ }}", "", 1},
		{"open if", "a\n{% if shop.name %}", "if", 2},
		{"open comment", "\n{% comment %}", "endcomment is missing", 2},
		{"open raw", "{% raw %}{{ x }}", "endraw is missing", 1},
		{"stray end", "a\n{% endif %}", "endif", 2},
		{"stray else", "{% else %}", "else", 1},
		{"when in if", "{% if true %}{% when 1 %}{% endif %}", "when", 1},
		{"else twice", "{% if true %}{% else %}{% else %}{% endif %}", "else must be the last", 1},
		{"elsif after else", "{% if true %}{% else %}{% elsif true %}{% endif %}", "else must be the last", 1},
		{"two else in for", "{% for i in (1..2) %}{% else %}{% else %}{% endfor %}", "one else", 1},
		{"text in case", "{% case today %}hi{% when 1 %}{% endcase %}", "never shown", 1},
		{"else with a condition", "{% if true %}{% else shop.name %}{% endif %}", "unexpected", 1},
		{"include", "{% include 'secrets' %}", "cannot read files", 1},
		{"render", "{% render 'x' %}", "cannot read files", 1},
		{"unknown tag", "\n\n{% tablerow x in y %}", "unknown tag tablerow", 3},
		{"break", "{% for i in (1..2) %}{% break %}{% endfor %}", "unknown tag break", 1},
		{"unknown filter", "{{ shop.name | shout }}", `unknown filter "shout"`, 1},
		{"unknown filter on a dead branch", "{% if false %}{{ shop.name | shout }}{% endif %}", `unknown filter "shout"`, 1},
		{"json of everything", "{{ shop.name | json }}", "unknown filter", 1},
		{"filter lacks argument", "{{ shop.name | append }}", "takes 1 argument, not 0", 1},
		{"filter has too many", `{{ shop.name | upcase: "a" }}`, "takes no argument", 1},
		{"date without quotes", "{{ today | date: shop.name }}", "text in quotes", 1},
		{"date with a wrong directive", "{{ today | date: '%Q' }}", "no directive", 1},
		{"date that ends in %", "{{ today | date: '%Y%' }}", "ends in %", 1},
		{"truncate below zero", "{{ shop.name | truncate: -1 }}", "whole number", 1},
		{"index", `{{ contact["name"] }}`, "cannot follow", 1},
		{"semicolon", "{{ shop.name; shop.email }}", "cannot be used here", 1},
		{"open quote", `{{ "a }}`, "quote is not closed", 1},
		{"curly quotes", "{{ shop.phone | default: “無” }}", "straight quotes", 1},
		{"full-width bar", "{{ shop.phone ｜ upcase }}", "half-width", 1},
		{"two values", "{{ shop.name shop.email }}", "unexpected", 1},
		{"missing value", "{{ | upcase }}", "expected a value", 1},
		{"comparison in an object", "{{ shop.name == shop.email }}", "unexpected", 1},
		{"nil", "{% if shop.phone == nil %}{% endif %}", "compare with blank", 1},
		{"hidden variable", `{% assign contact = "x" %}`, "is taken", 1},
		{"hidden root", `{% for today in (1..2) %}{% endfor %}`, "is taken", 1},
		{"dotted target", `{% assign a.b = "x" %}`, "plain name", 1},
		{"capture without a name", "{% capture %}{% endcapture %}", "plain name", 1},
		{"loop over a variable span", "{% for i in (1..case.number) %}{% endfor %}", "whole number", 1},
		{"loop too long", "{% for i in (1..999999999) %}{% endfor %}", "at most 100", 1},
		{"number too long", "{% for i in (1..99999999999999999999) %}{% endfor %}", "too long", 1},
		{"loops too deep", strings.Repeat("{% for i in (1..100) %}", 3) + strings.Repeat("{% endfor %}", 3), "take too long", 1},
		{"blocks too deep", strings.Repeat("{% if true %}", 20) + strings.Repeat("{% endif %}", 20), "inside each other", 1},
		{"brackets too deep", "{% if " + strings.Repeat("(", 50) + "true" + strings.Repeat(")", 50) + " %}{% endif %}", "brackets", 1},
		{"filters too many", "{{ shop.name" + strings.Repeat(" | size", 21) + " }}", "more than 20 filters", 1},
		{"not UTF-8", "\xff", "UTF-8", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := New().Check(tt.src)
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Check = %v", err)
			}
			if syntax.Line != tt.line || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v; want line %d and %q", err, tt.line, tt.says)
			}
		})
	}
}

func TestManyVariablesOfItsOwn(t *testing.T) {
	src := strings.Repeat("{% assign x = 1 %}", maxLocals)
	if err := New().Check(src); err != nil {
		t.Errorf("Check = %v", err)
	}
	if err := New().Check(src + "{% assign x = 1 %}"); err == nil {
		t.Error("no limit")
	}
}
