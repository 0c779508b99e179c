package demo

// ShopInfo is what the desk settings of the demo say of the shop.
type ShopInfo struct {
	Name     map[string]string // by locale
	Email    string
	Phone    string
	Hours    map[string]string // by locale, in words
	Timezone string            // IANA name
}

// Agent is one member of the demo's staff.
type Agent struct {
	Key       string // what Step.Agent refers to
	Name      string
	Email     string
	Signature string // plain text, may hold line breaks
	Locale    string // language of the Desk
	Role      string // agent, supervisor or admin
	Team      string // Team.Key
}

// Team is a group of staff.
type Team struct {
	Key  string
	Name string
	Lead string // Agent.Key
}

// Shop returns the shop that all rows are written to.
func Shop() ShopInfo {
	return ShopInfo{
		Name: map[string]string{
			"zh-TW": "雲畝選物",
			"zh-CN": "云亩选物",
			"ja":    "雲畝（ユンムー）",
			"en":    "Yunmu Goods",
		},
		Email: "service@example.com",
		Phone: "+886 900 000 000",
		Hours: map[string]string{
			"zh-TW": "週一至週五 10:00–18:00（國定假日休息）",
			"zh-CN": "周一至周五 10:00–18:00（北京时间，当地公众假期休息）",
			"ja":    "月〜金 11:00〜19:00（日本時間、台湾の祝日を除く）",
			"en":    "Monday to Friday, 10:00–18:00 Taipei time (UTC+8), except public holidays",
		},
		Timezone: "Asia/Taipei",
	}
}

// Teams returns the teams: customer service, and sales for bulk orders, partners and the press.
func Teams() []Team {
	return []Team{
		{Key: "support", Name: "客服組 Customer service", Lead: "chen"},
		{Key: "sales", Name: "業務組 Sales", Lead: "chen"},
	}
}

// Agents returns the staff who wrote the answers.
func Agents() []Agent {
	return []Agent{
		{
			Key: "lin", Name: "林佳蓉", Email: "lin.chiajung@example.com", Locale: "zh-TW", Role: "agent", Team: "support",
			Signature: "林佳蓉 Lin Chia-Jung\n雲畝選物 Yunmu Goods",
		},
		{
			Key: "sato", Name: "佐藤 美咲", Email: "sato.misaki@example.com", Locale: "ja", Role: "agent", Team: "support",
			Signature: "佐藤 美咲\n雲畝（ユンムー）お客様窓口",
		},
		{
			Key: "chen", Name: "陳柏宇", Email: "chen.poyu@example.com", Locale: "zh-TW", Role: "supervisor", Team: "sales",
			Signature: "陳柏宇 Chen Po-Yu\n雲畝選物 Yunmu Goods",
		},
	}
}
