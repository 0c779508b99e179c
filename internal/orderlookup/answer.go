package orderlookup

import "time"

// Bounds of an answer. What goes beyond is left out.
const (
	maxOrders = 20
	maxItems  = 50
	maxFields = 50
	maxText   = 300 // characters
	maxURL    = 2_000
)

// Answer is what a shop says, bounded and cleaned.
type Answer struct {
	Member *Member `json:"member,omitempty"`
	Orders []Order `json:"orders"`
	Fields []Field `json:"fields"`
	More   bool    `json:"more"` // the shop said more than is shown

	At     time.Time `json:"-"` // when it was asked
	Cached bool      `json:"-"` // it was asked earlier
}

func nothing() Answer { return Answer{Orders: []Order{}, Fields: []Field{}} }

// Empty tells whether the shop knows nothing.
func (a Answer) Empty() bool { return a.Member == nil && len(a.Orders) == 0 && len(a.Fields) == 0 }

// Member is a customer with an account. Texts are as the shop wrote them; Since is
// RFC 3339 where the shop gave a time that can be read.
type Member struct {
	Number string `json:"number"`
	Name   string `json:"name"`
	Since  string `json:"since"`
	Level  string `json:"level"`
	Orders string `json:"orders"` // how many
	URL    string `json:"url"`    // of the shop's back office; http or https
	Owner  Owner  `json:"-"`
}

// Order is one order. PlacedAt is as Since of [Member]; Total is without its currency.
type Order struct {
	Number   string `json:"number"`
	Status   string `json:"status"`
	PlacedAt string `json:"placed_at"`
	Total    string `json:"total"`
	Currency string `json:"currency"`
	URL      string `json:"url"`
	Tracking string `json:"tracking"` // a number or a link
	Items    []Item `json:"items"`
	Owner    Owner  `json:"-"`
}

// Item is one line of an order.
type Item struct {
	Name     string `json:"name"`
	Quantity string `json:"quantity"`
	Price    string `json:"price"`
}

// Field is anything else that the shop wants to be seen.
type Field struct {
	Label string `json:"label"`
	Value string `json:"value"`
}
