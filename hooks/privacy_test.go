package hooks

import "testing"

func TestShopOpens(t *testing.T) {
	s := newShop(t)
	a := s.Submit(nil)
	t.Log(a)
	if len(s.Cases()) != 1 {
		t.Fatal("no case")
	}
	s.Drain()
	if len(s.SMTP.Mails()) != 1 {
		t.Error("no mail")
	}
}
