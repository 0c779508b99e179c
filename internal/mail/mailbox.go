package mail

import "strings"

// Mailbox is the mailbox behind addr as a key, in the form of NormalizeAddress:
// without a +tag, which most servers drop, and at Gmail without dots, which say
// nothing there. It is for counting only: nobody is sure of what a foreign
// server does, so mail goes to the address as it was given. What is no address
// is returned as it is.
//
//	Mailbox("An.Na+shop@googlemail.com") // "anna@gmail.com"
func Mailbox(addr string) string {
	key, err := NormalizeAddress(addr)
	if err != nil {
		return addr
	}
	at := strings.LastIndexByte(key, '@')
	local, domain := key[:at], key[at+1:]
	if untagged, _, _ := strings.Cut(local, "+"); untagged != "" {
		local = untagged
	}
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	if domain == "gmail.com" {
		if plain := strings.ReplaceAll(local, ".", ""); plain != "" {
			local = plain
		}
	}
	return local + "@" + domain
}
