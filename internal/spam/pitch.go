package spam

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed pitch.txt
var pitchList string

// pitchPoints is how many points of pitch.txt make a pitch. They measure how
// sure it is, not how bad, and are no weights of the score.
const pitchPoints = 2

// pitchCategories are the categories for which a visitor says it himself.
const pitchCategories = " cooperation partnership business media press "

// pitchTopics are the topics of keywords.txt that offers of real firms touch.
// Words of any other make a text junk, however businesslike it reads.
const pitchTopics = " seo guest-posts offers leads pressure bulk-mail followers "

// massTopics are those of pitchTopics that are sold to every site there is, as
// are new sites (topic "web" of pitch.txt); a pitch that touches them is accepted
// only where its score lets it.
const massTopics = " seo guest-posts leads bulk-mail followers "

// checkPitch notices an offer to the shop or a wish to cooperate. The signal
// weighs nothing; see Verdict.Pitch for what it does.
func checkPitch() Check {
	list, err := parseKeywords(pitchList)
	if err != nil {
		panic("spam: embedded list of pitches: " + err.Error())
	}
	return func(m Message) []Signal {
		v := m.seen()
		points, topics, found := 0.0, []string{}, []string{}
		for _, k := range list {
			if !slices.ContainsFunc(k.parts[0], v.pairs.may) {
				continue
			}
			word, ok := k.find(v.folded)
			switch {
			case !ok:
			case k.topic == "customer":
				points -= k.weight
			default:
				points += k.weight
				found = append(found, word)
				if !slices.Contains(topics, k.topic) {
					topics = append(topics, k.topic)
				}
			}
		}
		// A category alone is a slip of the mouse; an order number is a customer's.
		if len(found) > 0 && m.Category != "" && oneOf(pitchCategories, clip(m.Category, 40)) {
			points++
		}
		if strings.TrimSpace(m.OrderNo) != "" {
			points--
		}
		if points < pitchPoints {
			return nil
		}
		return hit("pitch", 0, fmt.Sprintf("It offers something to the shop or seeks to cooperate (%s).", strings.Join(found, ", ")),
			map[string]any{"topics": topics, "words": found})
	}
}
