package staffing

// letterWords are those of one letter in one language. {shop}, {name}, {by}, {n},
// {code} and {mail} are filled in.
type letterWords struct {
	subject, greeting string
	lead, leadAlone   string // leadAlone where nobody is named who invites
	act               string // what the link does
	end               string
}

func wordsOf(locale, kind string) letterWords {
	switch locale {
	case "zh-TW":
		return chinese(kind)
	case "ja":
		return japanese(kind)
	}
	return english(kind)
}

func english(kind string) letterWords {
	switch kind {
	case LetterWelcome:
		return letterWords{
			subject: "{shop}: your access to the Desk", greeting: "Hello {name},",
			lead:      "{by} has added you to the Desk of {shop}, where messages from visitors are answered. Choose a password, then sign in with {mail}.",
			leadAlone: "You have been added to the Desk of {shop}, where messages from visitors are answered. Choose a password, then sign in with {mail}.",
			act:       "Choose a password:", end: "The link works once, for {n} days. If you don’t know what this is about, do nothing: without a password nobody can sign in.",
		}
	case LetterReset:
		return letterWords{
			subject: "{shop}: choose a new password", greeting: "Hello {name},",
			lead: "Somebody, probably you, asked for a new password for the Desk of {shop}.",
			act:  "Choose a new password:", end: "The link works once, for {n} minutes. If it wasn’t you, do nothing: your password stays as it is.",
		}
	}
	return letterWords{
		subject: "{shop}: {code} is your code", greeting: "Hello {name},",
		lead: "This is your code for signing in to the Desk of {shop}:",
		end:  "It works once, for {n} minutes. Nobody of {shop} will ever ask you for it. If you are not signing in now, somebody else tries to: tell an admin.",
	}
}

func chinese(kind string) letterWords {
	switch kind {
	case LetterWelcome:
		return letterWords{
			subject: "{shop}：您的案件台帳號", greeting: "{name} 您好：",
			lead:      "{by} 已將您加入 {shop} 的案件台，顧客的來信都在這裡回覆。請先設定密碼，再以 {mail} 登入。",
			leadAlone: "您已加入 {shop} 的案件台，顧客的來信都在這裡回覆。請先設定密碼，再以 {mail} 登入。",
			act:       "設定密碼：", end: "此連結限用一次，{n} 天內有效。若您不清楚這封信的來由，請不必理會；沒有設定密碼，任何人都無法登入。",
		}
	case LetterReset:
		return letterWords{
			subject: "{shop}：重新設定密碼", greeting: "{name} 您好：",
			lead: "有人（應該是您）要求重新設定 {shop} 案件台的密碼。",
			act:  "設定新密碼：", end: "此連結限用一次，{n} 分鐘內有效。若不是您本人提出，請不必理會，密碼不會變更。",
		}
	}
	return letterWords{
		subject: "{shop}：您的驗證碼是 {code}", greeting: "{name} 您好：",
		lead: "以下是登入 {shop} 案件台的驗證碼：",
		end:  "驗證碼限用一次，{n} 分鐘內有效。{shop} 的人員絕不會向您索取。若您現在並未登入，可能有人冒用您的帳號，請通知管理員。",
	}
}

func japanese(kind string) letterWords {
	switch kind {
	case LetterWelcome:
		return letterWords{
			subject: "【{shop}】デスクへのご招待", greeting: "{name} 様",
			lead:      "{by} さんが、あなたを {shop} のデスク（お問い合わせ対応画面）に追加しました。パスワードを設定し、{mail} でログインしてください。",
			leadAlone: "{shop} のデスク（お問い合わせ対応画面）に追加されました。パスワードを設定し、{mail} でログインしてください。",
			act:       "パスワードを設定する：", end: "このリンクは一度だけ、{n} 日間有効です。お心当たりがない場合は、何もなさらないでください。パスワードが設定されない限り、誰もログインできません。",
		}
	case LetterReset:
		return letterWords{
			subject: "【{shop}】パスワードの再設定", greeting: "{name} 様",
			lead: "{shop} のデスクのパスワード再設定が申し込まれました。",
			act:  "新しいパスワードを設定する：", end: "このリンクは一度だけ、{n} 分間有効です。お心当たりがない場合は、何もなさらないでください。パスワードは変わりません。",
		}
	}
	return letterWords{
		subject: "【{shop}】認証コード {code}", greeting: "{name} 様",
		lead: "{shop} のデスクにログインするための認証コードです。",
		end:  "一度だけ、{n} 分間有効です。{shop} の担当者がこのコードをお尋ねすることはありません。ログイン中でない場合は、第三者が試みている可能性があります。管理者にお知らせください。",
	}
}
