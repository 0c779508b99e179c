package topics

import "slices"

// Categories are the keys that the model knows, in the order of its classes.
// A shop may have others, and its own names for these.
var categories = [...]string{"product", "order", "return", "complaint", "cooperation", "technical", "account", "media", "bulk", "other"}

const classes = len(categories)

// Categories are the keys that the model knows.
func Categories() []string { return slices.Clone(categories[:]) }

// Known tells whether the model knows a category.
func Known(key string) bool { return classOf(key) >= 0 }

func classOf(key string) int { return slices.Index(categories[:], key) }

// dataWords are the words of public sets of labelled questions for categories
// that have another key here. Such sets have neither press nor bulk orders:
// both count as other there.
var dataWords = map[string]string{
	"product": "product_question", "order": "order_shipping", "return": "return_refund",
	"cooperation": "business_cooperation", "technical": "technical_support",
	"media": "other", "bulk": "other",
}

// classOfLabel reads a label of a row: a key, or a data set's word for one.
func classOfLabel(label string) int {
	if i := classOf(label); i >= 0 {
		return i
	}
	for key, word := range dataWords {
		if word == label && word != "other" {
			return classOf(key)
		}
	}
	return -1
}

// label is the data sets' word for a class.
func label(class int) string {
	if w := dataWords[categories[class]]; w != "" {
		return w
	}
	return categories[class]
}
