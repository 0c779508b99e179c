package reply

import "testing"

// What Taiwanese clients put below an answer. Each is tried below every letter.
var taiwanTails = []tail{
	{"Gmail", "王小明 <ming@example.com.tw> 於 2026年11月22日 週日 上午10:00寫道：\n\n> 您好，您的訂單已出貨。\n>\n> 客服部"},
	{"Gmail wrapped after name", "好日子商店客服中心 <\nservice@shop.example.com.tw> 於 2026年11月22日 週日 下午3:05寫道：\n\n> 您好，\n> 訂單已出貨。"},
	{"Gmail wrapped before verb", "好日子商店客服中心 <service@shop.example.com.tw> 於 2026年11月22日 週日 下午3:05\n寫道：\n\n> 您好，\n> 訂單已出貨。"},
	{"Gmail quote without marks", "王小明 <ming@example.com.tw> 於 2026年11月22日 週日 上午10:00寫道：\n\n您好，您的訂單已出貨。\n\n客服部"},
	{"Apple Mail", "> 王小明 <ming@example.com.tw> 於 2026年11月22日 上午10:00 寫道：\n> \n> 您好，您的訂單已出貨。"},
	{"Apple Mail, address only", "> service@example.com.tw 於 2026/11/22 10:00 寫道：\n> \n> 您好"},
	{"Apple Mail, older", "在 2026年11月22日，下午8:45，王小明 <ming@example.com.tw> 寫道：\n\n> 您好，您的訂單已出貨。"},
	{"iPhone", "從我的 iPhone 傳送\n\n> 王小明 <ming@example.com.tw> 於 2026年11月22日 上午10:00 寫道：\n> \n> \ufeff您好"},
	{"iPad, signature only", "從我的 iPad 傳送"},
	{"Outlook desktop", "寄件者: 客服 <service@example.com.tw>\n寄件日期: 2026年11月22日 上午 10:00\n收件者: 王小明 <ming@example.com.tw>\n主旨: RE: 訂單問題\n\n您好，\n訂單已出貨。"},
	{"Outlook desktop, full width colons", "寄件者： 客服 [mailto:service@example.com.tw]\n寄件日期： 2026年11月22日 10:00\n收件者： 王小明\n副本： 林經理\n主旨： RE: 訂單問題\n\n您好"},
	{"Outlook bold", "*寄件者:* 客服 <service@example.com.tw>\n*寄件日期:* 2026年11月22日 上午 10:00\n*收件者:* 王小明\n*主旨:* RE: 訂單問題\n\n您好"},
	{"Outlook original message", "-----Original Message-----\nFrom: 客服 <service@example.com.tw>\nSent: Sunday, November 22, 2026 10:00 AM\nTo: 王小明\nSubject: RE: 訂單問題\n\n您好"},
	{"Outlook mail original", "-----郵件原件-----\n寄件者: 客服 <service@example.com.tw>\n寄件日期: 2026年11月22日 10:00\n收件者: 王小明\n主旨: 訂單\n\n您好"},
	{"Outlook.com", "________________________________\n寄件者: 客服 <service@example.com.tw>\n寄件日期: 2026年11月22日 上午 10:00\n收件者: 王小明 <ming@example.com.tw>\n主旨: Re: 訂單問題\n\n您好"},
	{"Outlook for iOS", "取得 iOS 版 Outlook<https://aka.ms/o0ukef>\n________________________________\n寄件者: 客服 <service@example.com.tw>\n寄件日期: Sunday, November 22, 2026 10:00:00 AM\n收件者: 王小明\n主旨: Re: 訂單\n\n您好"},
	{"Windows Mail", "從 Windows 版郵件傳送\n\n寄件者: 客服\n傳送時間: 2026年11月22日 上午 10:00\n收件者: 王小明\n主旨: Re: 訂單\n\n您好"},
	{"Yahoo", "    客服中心 <service@example.com.tw> 於 2026年11月22日 星期日 上午10:00:00 [GMT+8] 寫道：  \n \n 您好，訂單已出貨。"},
	{"Yahoo with opener", "在 2026年11月22日 星期日 上午10:00:00 [GMT+8]， 客服中心<service@example.com.tw> 寫道：\n\n\n您好"},
	{"Yahoo block", "寄件人： 客服 <service@example.com.tw>\n收件人： 王小明 <ming@example.com.tw>\n傳送日期： 2026年11月22日 (星期日) 10:00 AM\n主題： 訂單\n\n您好"},
	{"Thunderbird", "王小明 於 2026/11/22 上午 10:00 寫道:\n> 您好，您的訂單已出貨。\n>"},
	{"Samsung", "從我的 Galaxy 智慧型手機傳送。\n\n-------- 原始訊息 --------\n寄件者： 客服 <service@example.com.tw> \n日期： 2026/11/22 10:00 (GMT+08:00) \n收件人： ming@example.com.tw \n主旨： Re: 訂單 \n\n您好"},
	{"Samsung, one line", "-------- 原始訊息 --------寄件者： 客服 <service@example.com.tw> 日期： 2026/11/22  10:00  (GMT+08:00) 收件人： ming@example.com.tw 主旨： Re: 訂單 您好"},
	{"header in one line", "寄件者： 客服 <service@example.com.tw> 日期： 2026/11/22 10:00 收件人： ming@example.com.tw 主旨： Re: 訂單\n您好"},
	{"English Gmail", "On Sun, Nov 22, 2026 at 10:00 AM 好日子商店 <service@example.com.tw>\nwrote:\n\n> 您好"},
	{"our own marker", "王小明 <ming@example.com.tw> 於 2026年11月22日 週日 上午10:00寫道：\n\n請在此行上方回覆\n\n您好"},
	{"our own marker alone", "##- 請在此線以上回覆 -##\n\n您好，訂單已出貨。"},
	{"HTC", "來自我的 HTC 手機"},
	{"android", "從我的 Android 手機傳送"},
	{"RFC signature", "-- \n王小明\n好日子股份有限公司\n電話：02-2345-6789"},
	{"two dashes", "--\n王小明 敬上\n0912-345-678"},
	{"card below a rule", "------------------------------\n王小明 Ming Wang\n業務部經理\n電話 (02) 2345-6789 分機 12\nming@example.com.tw"},
	{"legal notice", "本郵件及其附件可能含有機密資訊，若您並非指定之收件人，請勿閱讀、複製或散布，並立即刪除。"},
}

// What clients of Mainland China put below an answer.
var mainlandTails = []tail{
	{"Gmail", "王小明 <ming@example.cn> 于2026年11月22日周日 10:00写道：\n\n> 您好，您的订单已发货。\n>"},
	{"Gmail wrapped", "好日子商城客户服务中心 <\nservice@shop.example.cn> 于2026年11月22日周日 15:05写道：\n\n> 您好"},
	{"Gmail, address only", "<service@example.cn> 于2026年11月22日周日 10:00写道：\n\n> 您好"},
	{"QQ", "------------------ 原始邮件 ------------------\n发件人: \"客服\" <service@example.cn>;\n发送时间: 2026年11月22日(星期天) 上午10:00\n收件人: \"王小明\"<ming@example.cn>;\n主题: 订单\n\n您好，已发货。"},
	{"QQ with entities", "------------------&nbsp;原始邮件&nbsp;------------------\n发件人:                                                                                                                        \"客服\"                                                                                    <service@example.cn&gt;;\n发送时间:&nbsp;2026年11月22日(星期天) 上午10:00\n收件人:&nbsp;\"王小明\"<ming@example.cn&gt;;\n主题:&nbsp;订单\n\n您好"},
	{"QQ phone", "发自我的iPhone\n\n---原始邮件---\n发件人: \"客服\"<service@example.cn>\n发送时间: 2026年11月22日(周日) 上午10:00\n收件人: \"王小明\"<ming@example.cn>;\n主题: 订单\n\n您好"},
	{"Foxmail", " \n发件人： 客服\n发送时间： 2026-11-22 10:00\n收件人： ming@example.cn\n主题： Re: 订单\n您好，已发货。"},
	{"163", "在 2026-11-22 10:00:00，\"客服\" <service@example.cn> 写道：\n\n您好，已发货。"},
	{"163 in English", "At 2026-11-22 10:00:00, \"客服\" <service@example.cn> wrote:\n\n您好"},
	{"NetEase Mail Master", "---- 回复的原邮件 ----\n| 发件人 | 客服<service@example.cn> |\n| 日期 | 2026年11月22日 10:00 |\n| 收件人 | 王小明<ming@example.cn> |\n| 主题 | 订单 |\n您好"},
	{"Apple Mail", "> 2026年11月22日 上午10:00，客服 <service@example.cn> 写道：\n> \n> 您好"},
	{"Apple Mail, older", "> 在 2026年11月22日，上午10:00，客服 <service@example.cn> 写道：\n> \n> 您好"},
	{"iPhone", "发自我的 iPhone\n\n> 在 2026年11月22日，10:00，客服 <service@example.cn> 写道：\n> \n> \ufeff您好"},
	{"iPhone, no space", "发自我的iPhone"},
	{"Xiaomi", "发自我的小米手机"},
	{"Huawei", "发自我的华为手机"},
	{"Outlook", "发件人: 客服 <service@example.cn>\n发送时间: 2026年11月22日 10:00\n收件人: 王小明 <ming@example.cn>\n抄送: 李经理\n主题: 回复: 订单\n\n您好"},
	{"Outlook original", "-----邮件原件-----\n发件人: 客服 [mailto:service@example.cn] \n发送时间: 2026年11月22日 10:00\n收件人: 王小明\n主题: 订单\n\n您好"},
	{"Outlook for iOS", "获取 Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n发件人: 客服 <service@example.cn>\n发送时间: 星期日, 十一月 22, 2026 10:00 上午\n收件人: 王小明\n主题: Re: 订单\n\n您好"},
	{"Windows Mail", "从 Windows 版邮件发送\n\n发件人: 客服\n发送时间: 2026年11月22日 10:00\n收件人: 王小明\n主题: 订单\n\n您好"},
	{"Thunderbird", "在 2026/11/22 10:00, 客服 写道:\n> 您好，已发货。"},
	{"Aliyun", "------------------------------------------------------------------\n发件人：客服 <service@example.cn>\n发送时间：2026年11月22日(星期日) 10:00\n收件人：王小明 <ming@example.cn>\n主　题：订单\n\n您好"},
	{"own marker", "请在此行上方回复\n\n您好"},
	{"RFC signature", "-- \n王小明\n手机：138 0000 0000"},
}

var chineseLetters = []string{
	"收到，謝謝！",
	"您好：\n\n我想問一下訂單 A2026112200 什麼時候會到？\n\n另外，可以改成宅配嗎？\n謝謝。\n\n王小明",
	"好的。麻烦尽快发货，\n\n1. 蓝色两件\n2. 白色一件\n\n- 不要用顺丰\n- 周末送",
}

func TestChineseTails(t *testing.T) {
	for _, tl := range append(append([]tail{}, taiwanTails...), mainlandTails...) {
		for _, letter := range chineseLetters {
			tl.below(t, letter)
		}
	}
}

// A person's own words that look like what clients add.
func TestChineseOwnWords(t *testing.T) {
	for _, s := range []string{
		"您好：\n\n2026年11月22日 10:00 我在門市買了：\n\n藍色外套 L 號\n\n但是拉鍊壞了。",
		"貴公司於 2026年11月20日 10:00 寫道：\n「三天內會退款。」\n\n但是到今天都沒有收到。",
		"客服在 2026年11月20日 下午3:00 寫道：\n\n會退款\n\n請問何時退？",
		"請幫我更改收件資料：\n\n收件者：王小明\n電話：0912345678\n地址：台北市信義區一段 1 號\n日期：11/25",
		"你好，訂單資料如下\n\n日期：2026/11/22\n主旨：退貨\n\n請協助，謝謝",
		"我從台北寄出\n包裹編號 123\n\n請查收",
		"東西是用宅配寄出\n\n請問收到了嗎？",
		"請問有以下款式嗎？\n\n----\n\n我想要買三件，請告訴我價格。另外運費怎麼算？",
		"【問題一】\n==========\n無法登入。\n【問題二】\n==========\n收不到驗證信，請協助處理。",
		"錯誤訊息是：\n> 付款失敗 (E102)",
		"> 請問要哪個顏色？\n\n藍色\n\n> 尺寸呢？\n\nL 號",
		"他說「王小明於 2026年11月22日寫道：我會來」，這是真的嗎？",
		"我的信箱 ming@example.com.tw 於 2026年11月22日 收不到信，請問：\n\n1. 是否寄出？\n2. 何時補寄？",
		"我要退貨\n從我的信箱寄出\n但被退信，請協助",
		"從我的手機傳送\n照片都失敗，請問怎麼辦？",
		"我的手機號碼改了\n\n從 0912-000-000 改成 0922-000-000",
		"這封信轉寄給你們：可以幫我看一下是不是詐騙嗎？",
	} {
		own(t, s)
	}
}
