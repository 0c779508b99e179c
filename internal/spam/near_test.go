package spam

import "testing"

func TestNear(t *testing.T) {
	short, long := "請問這款保溫瓶還有現貨嗎？", longLine
	tests := []struct {
		name string
		text string
		near Near
		want string
	}{
		{"alone", long, Near{}, ""},
		{"one other", long, Near{Others: 1}, ""},
		{"a few others", long, Near{Others: 2}, "near_duplicate 1.5"},
		{"more", long, Near{Others: 5}, "near_duplicate 3"},
		{"a campaign", long, Near{Others: 400}, "near_duplicate 4.5"},
		{"the same short question", short, Near{Others: 40}, ""},
		{"short with a link", short + " https://junk.example/a", Near{Others: 2}, "near_duplicate 1.5"},
		{"short with the shop's link", short + " https://shop.example/a", Near{Others: 40}, ""},
		{"junk once", long, Near{Junk: 1}, "near_duplicate 7"},
		{"junk often", long, Near{Others: 9, Junk: 3}, "near_duplicate 9"},
		{"a short question that a robot copied", short, Near{Junk: 1}, "near_duplicate 3"},
		{"short junk often", short, Near{Others: 9, Junk: 3}, "near_duplicate 7"},
		{"short junk with a link", short + " https://junk.example/a", Near{Junk: 1}, "near_duplicate 7"},
		{"found good", long, Near{Others: 9, Good: 1}, ""},
		{"good more often than junk", long, Near{Others: 9, Junk: 1, Good: 2}, ""},
		{"as often good as junk", long, Near{Others: 9, Junk: 2, Good: 2}, "near_duplicate 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Message{Text: tt.text, Near: tt.near, OwnHosts: []string{"shop.example"}}
			if got := signals(t, checkNear(), m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
