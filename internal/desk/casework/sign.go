package casework

import "github.com/pocketdesk/pocketdesk/internal/desk"

// Signed is a text with the agent's signature below it, once: as an [Entry] that
// asks to be signed leaves.
func Signed(body string, agent *desk.Agent) string { return signed(body, agent.Signature()) }
