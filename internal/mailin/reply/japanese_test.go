package reply

import "testing"

// What Japanese and Korean clients put below an answer.
var japaneseTails = []tail{
	{"Gmail", "2026年11月22日(日) 10:00 山田太郎 <taro@example.jp>:\n\n> お世話になっております。\n> 本日発送いたしました。\n>"},
	{"Gmail wrapped", "2026年11月22日(日) 10:00 よろず屋オンラインストアお客様窓口 <\nsupport@shop.example.jp>:\n\n> お世話になっております。"},
	{"Gmail without marks", "2026年11月22日(日) 10:00 山田太郎 <taro@example.jp>:\n\nお世話になっております。\n本日発送いたしました。"},
	{"Gmail app", "2026年11月22日(日) 10:00、<support@example.jp>:\n> お世話になっております。"},
	{"Apple Mail", "> 2026/11/22 10:00、山田太郎 <taro@example.jp>のメール:\n> \n> お世話になっております。"},
	{"Apple Mail, unmarked header", "2026年11月22日 10:00、山田太郎 <taro@example.jp>のメール：\n\n> お世話になっております。"},
	{"iPhone", "iPhoneから送信\n\n> 2026/11/22 10:00、山田太郎 <taro@example.jp>のメール:\n> \n> \ufeffお世話になっております。"},
	{"iPad, signature only", "iPadから送信"},
	{"Android", "Androidから送信"},
	{"Xperia", "Xperia™スマートフォンから送信"},
	{"Galaxy", "Galaxyから送信されました。\n\n-------- 元のメッセージ --------\nFrom: よろず屋 <support@example.jp> \n日付: 2026/11/22 10:00 (GMT+09:00) \nTo: taro@example.jp \n件名: Re: ご注文 \n\nお世話になっております。"},
	{"Outlook", "差出人: よろず屋 <support@example.jp>\n送信日時: 2026年11月22日 10:00\n宛先: 山田太郎 <taro@example.jp>\n件名: RE: ご注文について\n\nお世話になっております。"},
	{"Outlook bold", "*差出人:* よろず屋 <support@example.jp>\n*送信日時:* 2026年11月22日日曜日 10:00\n*宛先:* 山田太郎\n*CC:* 経理\n*件名:* Re: ご注文\n\nお世話になっております。"},
	{"Outlook in English", "From: よろず屋 <support@example.jp> \nSent: Sunday, November 22, 2026 10:00 AM\nTo: 山田太郎 <taro@example.jp>\nSubject: RE: ご注文\n\nお世話になっております。"},
	{"Outlook.com", "________________________________\n差出人: よろず屋 <support@example.jp>\n送信日時: 2026年11月22日 10:00\n宛先: taro@example.jp <taro@example.jp>\n件名: ご注文\n\nお世話になっております。"},
	{"Outlook for iOS", "Outlook for iOS を入手<https://aka.ms/o0ukef>\n________________________________\n差出人: よろず屋 <support@example.jp>\n送信日時: 日曜日, 11月 22, 2026 10:00\n宛先: 山田太郎\n件名: Re: ご注文\n\nお世話に"},
	{"Windows Mail", "Windows のメールから送信\n\n差出人: よろず屋\n送信日時: 2026年11月22日 10:00\n宛先: taro@example.jp\n件名: ご注文\n\nお世話になっております。"},
	{"original message", "-----Original Message-----\nFrom: よろず屋\nSent: 2026年11月22日 10:00\nTo: taro@example.jp\nSubject: ご注文\n\nお世話になっております。"},
	{"Yahoo", "----- Original Message -----\nFrom: \"よろず屋\" <support@example.jp>\nTo: taro@example.jp\nDate: 2026/11/22 日 10:00\nSubject: ご注文\n\nお世話になっております。"},
	{"Yahoo app", "Yahoo!メールアプリから送信\n\n2026/11/22(日) 10:00、よろず屋 <support@example.jp>:\n\nお世話になっております。"},
	{"docomo", "---------- 元のメッセージ ----------\n差出人：support@example.jp\n送信日時：2026/11/22 10:00\n宛先：taro@example.jp\n件名：ご注文\n\nお世話になっております。"},
	{"au, full width marks", "＞お世話になっております。\n＞本日発送いたしました。\n＞よろず屋"},
	{"feature phone", "-----元のメール-----\n送信者:support@example.jp\n日時:2026/11/22 10:00\n件名:ご注文\n\nお世話に"},
	{"Thunderbird", "On 2026/11/22 10:00, よろず屋 wrote:\n> お世話になっております。"},
	{"Thunderbird, older", "(2026/11/22 10:00), よろず屋 wrote:\n> お世話になっております。"},
	{"Becky", "On Sun, 22 Nov 2026 10:00:00 +0900\nよろず屋 <support@example.jp> wrote:\n\n> お世話になっております。"},
	{"own marker", "この線より上にご返信ください\n\nお世話になっております。"},
	{"RFC signature", "-- \n山田太郎\ntaro@example.jp"},
	{"company signature", "━━━━━━━━━━━━━━━━━━━━\n株式会社山田商店\n営業部　山田太郎\n〒100-0001 東京都千代田区千代田1-1\nTEL：03-1234-5678\n━━━━━━━━━━━━━━━━━━━━"},
	{"dashed signature", "--------------------------------\n山田 太郎（やまだ たろう）\nE-mail: taro@example.jp\n携帯: 090-1234-5678\n--------------------------------"},
	{"legal notice", "本メールには機密情報が含まれている場合があります。受信者以外の方は破棄をお願いいたします。"},
	{"Korean Gmail", "2026년 11월 22일 (일) 오전 10:00, 홍길동 <hong@example.kr>님이 작성:\n\n> 안녕하세요"},
	{"Korean Outlook", "보낸 사람: 고객센터 <help@example.kr>\n보낸 날짜: 2026년 11월 22일 일요일 오전 10:00\n받는 사람: 홍길동\n제목: RE: 주문\n\n안녕하세요"},
	{"Korean iPhone", "나의 iPhone에서 보냄\n\n> 2026. 11. 22. 오전 10:00, 홍길동 <hong@example.kr> 작성:\n> \n> 안녕하세요"},
	{"Naver", "-----Original Message-----\nFrom: \"고객센터\"<help@example.kr>\nTo: \"홍길동\"<hong@example.kr>;\nCc:\nSent: 2026-11-22 (일) 10:00:00 (GMT+09:00)\nSubject: 주문\n\n안녕하세요"},
}

var japaneseLetters = []string{
	"ありがとうございます。助かりました。",
	"よろず屋 ご担当者様\n\nお世話になっております。山田です。\n\n先日注文した商品（注文番号 12345）がまだ届きません。\nお手数ですが、ご確認いただけますでしょうか。\n\n以上、よろしくお願いいたします。\n\n山田太郎",
	"【ご質問】\n・色違いはありますか\n・送料はいくらですか\n\n＞ で始まる行はありません。",
}

func TestJapaneseTails(t *testing.T) {
	for _, tl := range japaneseTails {
		for _, letter := range japaneseLetters {
			tl.below(t, letter)
		}
	}
}

func TestJapaneseOwnWords(t *testing.T) {
	for _, s := range []string{
		"お世話になっております。\n\n2026年11月22日 (日) 10:00 に予約:\n\n大人2名、子供1名でお願いいたします。",
		"先日「11月22日に発送いたします」とのメールをいただきましたが、まだ届きません。",
		"貴社は 2026年11月20日 10:00 に次のように書きました：\n\n「返金いたします」\n\nまだ返金されていません。",
		"宛先：東京都千代田区1-1\n日時：11月25日 午前中\n\n上記に変更をお願いします。",
		"■ ご注文内容\n━━━━━━━━━━━━\n商品A　1個\n商品B　2個\n━━━━━━━━━━━━\n上記で間違いありません。よろしくお願いいたします。",
		"画面には次のように出ます：\n> エラー 102",
		"> 色はどうしますか\n\n青でお願いします。\n\n> サイズは\n\nLです。",
		"東京から送りました\n\n届きましたか。",
		"スマホのアプリから注文しました。\n\n届くのはいつですか。",
		"今日 10:00 から 11:00:\n山田が伺います。",
		"件名：返品について\n\n返品したいのですが、どうすればよいですか。",
		"以下の日程でいかがでしょうか。\n\n--------\n\n第一希望は11月25日の午前です。\n第二希望は26日の午後です。ご検討ください。",
	} {
		own(t, s)
	}
}
