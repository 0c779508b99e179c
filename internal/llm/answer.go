package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	openai "github.com/sashabaranov/go-openai"
)

const (
	maxContent = 16 << 10 // bytes of the model's answer
	maxLine    = 300      // characters of summary and reason
)

// contentOf takes the model's words out of a completion.
func contentOf(resp openai.ChatCompletionResponse) (string, error) {
	if len(resp.Choices) == 0 {
		return "", fmt.Errorf("%w: no choices", ErrInvalid)
	}
	c := resp.Choices[0]
	switch {
	case c.Message.Refusal != "":
		return "", fmt.Errorf("%w: by the model", ErrRefused)
	case c.FinishReason == openai.FinishReasonContentFilter:
		return "", fmt.Errorf("%w: by a content filter", ErrRefused)
	case c.FinishReason == openai.FinishReasonLength:
		return "", fmt.Errorf("%w: the answer was cut short", ErrInvalid)
	case len(c.Message.Content) > maxContent:
		return "", fmt.Errorf("%w: the answer is longer than %d bytes", ErrInvalid, maxContent)
	}
	return c.Message.Content, nil
}

// parseAnswer checks the model's JSON against what was asked, strictly: a field that is missing or
// out of bounds spoils the whole answer. Errors name the field, never its content.
func parseAnswer(content string, keys []string) (Suggestion, error) {
	var a struct {
		Language  string   `json:"language"`
		Category  string   `json:"category"`
		Priority  string   `json:"priority"`
		Sentiment string   `json:"sentiment"`
		Spam      *float64 `json:"spam"`
		Summary   string   `json:"summary"`
		Reason    string   `json:"reason"`
	}
	body := bare(content)
	if body == "" {
		return Suggestion{}, fmt.Errorf("%w: the answer is empty", ErrInvalid)
	}
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		return Suggestion{}, jsonError(err)
	}
	s := Suggestion{
		Language: tagOf(a.Language), Category: a.Category, Priority: a.Priority, Sentiment: a.Sentiment,
	}
	switch {
	case s.Language == "":
		return Suggestion{}, fmt.Errorf("%w: language is not a BCP 47 tag", ErrInvalid)
	case len(keys) > 0 && !slices.Contains(keys, a.Category):
		return Suggestion{}, fmt.Errorf("%w: category is not one of the keys", ErrInvalid)
	case !slices.Contains(priorities, a.Priority):
		return Suggestion{}, fmt.Errorf("%w: priority is not one of %v", ErrInvalid, priorities)
	case !slices.Contains(sentiments, a.Sentiment):
		return Suggestion{}, fmt.Errorf("%w: sentiment is not one of %v", ErrInvalid, sentiments)
	case a.Spam == nil || *a.Spam < 0 || *a.Spam > 1:
		return Suggestion{}, fmt.Errorf("%w: spam is not within 0 and 1", ErrInvalid)
	}
	if len(keys) == 0 {
		s.Category = ""
	}
	s.Spam = *a.Spam
	var err error
	if s.Summary, err = line("summary", a.Summary); err != nil {
		return Suggestion{}, err
	}
	if s.Reason, err = line("reason", a.Reason); err != nil {
		return Suggestion{}, err
	}
	return s, nil
}

func line(field, s string) (string, error) {
	s = oneLine(s)
	if n := utf8.RuneCountInString(s); n == 0 || n > maxLine {
		return "", fmt.Errorf("%w: %s has %d characters, not 1 to %d", ErrInvalid, field, n, maxLine)
	}
	return s, nil
}

// bare takes away what some models put around their JSON: a block of thoughts, a code fence.
func bare(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "<think>") {
		_, s, _ = strings.Cut(s, "</think>")
		s = strings.TrimSpace(s)
	}
	if rest, ok := strings.CutPrefix(s, "```"); ok {
		// The rest of the opening line is the name of the language, if it is not the object itself.
		if first, after, ok := strings.Cut(rest, "\n"); ok && !strings.Contains(first, "{") {
			rest = after
		}
		s = strings.TrimSuffix(strings.TrimSpace(rest), "```")
	}
	return strings.TrimSpace(s)
}

func jsonError(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return fmt.Errorf("%w: %s has the wrong type", ErrInvalid, wrongType.Field)
	}
	return fmt.Errorf("%w: the answer is not a JSON object", ErrInvalid)
}
