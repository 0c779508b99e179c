package spam

import "fmt"

// checkMember trusts visitors for whom the shop's own site vouches, as long as
// one of them does not send more than a person would.
func checkMember() Check {
	return func(m Message) []Signal {
		switch {
		case m.Member && rateGrade(m.MemberCount) >= 0:
			return hit("member", 1, fmt.Sprintf("The shop's site vouches for the sender as a member, who sent %d messages lately.", m.MemberCount.Count),
				map[string]any{"count": m.MemberCount.Count, "limit": m.MemberCount.Limit})
		case m.Member:
			return hit("member", 0, "The shop's site vouches for the sender as a member.", nil)
		case m.MemberInvalid && m.guest():
			return hit("member_invalid", 0, "The member reference is not genuine or has expired.", nil)
		}
		return nil
	}
}
