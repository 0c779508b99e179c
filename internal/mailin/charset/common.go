package charset

import "sync"

// The characters that make up most of everyday text and of letters to a shop,
// names included. They only have to tell a charset from another one, so a few
// hundred a language do.
const (
	commonHant = "的一是不我有在人這了他來們到大你個為以上說時要會可就也和生對下那得年出去能都心小好自發天後成學多沒過家看事起國想同面開作還用所日回經動行方知因道然如子從麼樣但前法把公現理定新間長無中什於之與及或" +
		"請問您謝貨單訂購退換收寄送商品客服務電話郵信箱件付款帳號地址台臺灣北市區路街段樓尺寸色顏價錢元優惠券活員登入密碼查詢未已經期明今昨週月號網站店頁尚到運費宅配超取門市聯絡回覆處理抱歉麻煩感幫忙確認資料姓名先小姐敬啟者主旨測試關關於詢您好嗎呢吧啊喔哦嗨" +
		"陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余趙盧梁顧淑芬美惠雅婷怡君志明俊傑家豪建宏文雄秀英玉珍麗華宗翰佩慈欣安佳穎宜" +
		"本正體字內容附加檔案圖片報告書信函工程部業司有限股份設計產製造辦合約議會通科技"
	commonHans = "的一是不我有在人这了他来们到大你个为以上说时要会可就也和生对下那得年出去能都心小好自发天后成学多没过家看事起国想同面开作还用所日回经动行方知因道然如子从么样但前法把公现理定新间长无中什于之与及或" +
		"请问您谢货单订购退换收寄送商品客服务电话邮信箱件付款账号地址北市区路街段楼尺寸色颜价钱元优惠券活员登录密码查询未已期明今昨周月网站店页快递物流发票淘宝联系回复处理抱歉麻烦感帮忙确认资料姓名先小姐敬启者主题测试关于询好吗呢吧啊哦嗨" +
		"陈林黄张李王吴刘蔡杨许郑郭洪曾邱廖赖苏叶庄吕江何萧罗高潘简朱钟彭胡施沈余赵卢梁孙马冯唐董韩曹邓田范方石姚谭汪陆金丽华伟芳娜敏静秀英杰强军磊洋勇艳涛超明霞平刚桂建文玉兰" +
		"本正体字内容附加文件图片报告书工程部业司有限股份设计产制造办合约议会通科技系统管理信息"
	commonJa = "日一大年中会人本月長国出上十生子分東三行同今高金時手見市力米自前円合立内二事社者地京間田体学下目五後新明方部女八心四民対主正代言九小思七山実入回場野開万全定家北六問話文動度県水安氏和政保表道相意発不党" +
		"様御願件注文商品届配送返交換確認連絡問合支払代金番号住所名前電話宜失礼致申上下都急先週間迷惑感謝承知了解在庫色購入希望着荷受取領収書振込口座会員登録変更解約店舗方使説明故障不良修理込送信返信転添付資料担当株式有限用無料写真題重要案内" +
		"佐藤鈴木高橋田中伊渡辺山本村林加吉斎清崎井池阿部石橋森川島前岡谷原松葉野竹西南由美恵太郎健一翔優花子"
	commonKo = "이다는을를의가에하고지은기사도어아서니나자로시리한요대인습있해것일수그스정면제보부주여전안상들게과라원세무구동문으성비장년공내소생신마만경위선실유학방분물국적용중오진관연회합야없되었했할등때화치미김박최조강윤임님메냈녕배송환불교품답변감드립현받네저입까월통명영모터재계와던본바란트레프램단체식참거업격돈결제확인코록계좌호번메일첨부파"
)

// tables builds the look-up of commonIn once.
var tables = sync.OnceValue(func() map[string]map[rune]bool {
	hant, hans, ja, ko := setOf(commonHant), setOf(commonHans), setOf(commonJa), setOf(commonKo)
	return map[string]map[rune]bool{
		"big5": hant, "big5-hkscs": hant, "cn-big5": hant,
		"gb18030": hans, "gbk": hans, "gb2312": hans, "gb-2312": hans, "gb-2312-80": hans,
		"shift-jis": ja, "euc-jp": ja,
		"euc-kr": ko,
	}
})

func setOf(s string) map[rune]bool {
	m := make(map[rune]bool, len(s)/3)
	for _, r := range s {
		m[r] = true
	}
	return m
}

// commonIn says whether a character is common in the language that a charset is
// used for. GB18030 carries traditional text as well, if seldom.
func commonIn(name string, r rune) bool {
	return tables()[name][r]
}
