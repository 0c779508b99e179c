// メールのやり取り、電話、SMS（日本語）。
export default {


    "copies.remove": "{addr} を外す",
    "copies.outside": "このお客様のアドレスではありません：{who}。返信の内容が相手にも届きます。",
    "copies.offer": "お客様のメールは {who} にも Cc で送られていました",

    "sms.one": "{used}／{of}文字",
    "sms.parts": "{n}通、残り{left}文字",
    "sms.toomany": "{n}通になります（上限{most}通）",
    "sms.gsm": "GSM文字：1通160文字、複数通では各153文字",
    "sms.unicode": "日本語などの文字：1通70文字、複数通では各67文字",


    "held.for": "#{number} への返信",
    "held.for.title": "別の方が案件 #{number} に返信しました",
    "held.for.why": "{who}さんはこの案件の宛先にメールを送りましたが、これまでのやり取りには加わっていません。ご判断いただくまで、案件は変わりません。",
    "held.into.case": "案件に加える",
    "held.into.case.why": "このメールを案件 #{number} のメッセージにします",
    "held.into.new": "新しい案件にする",
    "held.into.new.why": "別の案件として開き、送信者に受付確認を送ります",
    "held.joined": "案件 #{number} に加えました。",

};
