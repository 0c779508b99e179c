package spam

import "strings"

// genuineQuestions are questions whether something came from the shop, folded as
// texts are. Who asks repeats the words of the junk that he got.
var genuineQuestions = func() (list []string) {
	for line := range strings.Lines(`
		is this from you|is this really from you|was this from you|is it from you|is it really from you|did you send this|did you send it|did this come from you
		is this mail from you|is this email from you|is this message from you|is this sms from you|is this call from you|is this your company|is this really you
		is this a scam|is it a scam|is that a scam|was this a scam|is this fraud|is this phishing|is this genuine|is it genuine|is this legit|is it legit|is this legitimate|is this real|is this fake
		是你們發的嗎|是你們寄的嗎|是你們傳的嗎|是你們打的嗎|是你們送的嗎|是你們公司發的嗎|是你們公司嗎|是你們的客服嗎|是你們的人嗎|是你們嗎|是你們辦的嗎|你們發的嗎|你們寄的嗎|你們傳的嗎
		是貴公司發的嗎|是貴公司寄的嗎|是貴公司傳的嗎|是貴公司嗎|是貴店發的嗎|是官方發的嗎|是官方的嗎|是不是你們發的|是不是你們寄的|是不是你們的
		是詐騙嗎|是不是詐騙|是否是詐騙|是否為詐騙|是否詐騙|是詐騙簡訊嗎|是詐騙信嗎|詐騙還是真的|是假的嗎
		是你们发的吗|是你们寄的吗|是你们公司发的吗|是你们的客服吗|是你们的人吗|是你们吗|你们发的吗|是贵公司发的吗|是贵公司吗|是官方发的吗|是不是你们发的|是不是你们的
		是诈骗吗|是不是诈骗|是否是诈骗|是否为诈骗|是否诈骗|是骗子吗|是不是骗子|是骗人的吗
		御社からですか|貴社からですか|御社からでしょうか|貴社からでしょうか|御社からのものですか|御社からのものでしょうか|貴社からのものでしょうか|御社からのメールですか|御社からのメールでしょうか
		御社が送ったものですか|御社が送られたものでしょうか|貴店からですか|貴店からのものでしょうか|そちらからのメールですか|そちらから送られたものですか|そちらで送られたものでしょうか
		詐欺でしょうか|詐欺ですか|詐欺メールでしょうか|詐欺メールですか|なりすましでしょうか|なりすましですか|本物でしょうか|本物ですか|迷惑メールでしょうか|迷惑メールですか`) {
		for q := range strings.SplitSeq(strings.TrimSpace(line), "|") {
			if q != "" {
				list = append(list, Fold(q))
			}
		}
	}
	return list
}()

// asksGenuine reports whether the text asks if something is from the shop.
func (v *view) asksGenuine() bool {
	for _, q := range genuineQuestions {
		if v.pairs.may(q) && indexWord(v.folded, q, 0) >= 0 {
			return true
		}
	}
	return false
}
