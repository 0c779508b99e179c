package doctor

func wordsZhTW() map[string]words {
	return map[string]words{
		"dns_failed": {"查詢 {name} 時，DNS 沒有回應。", "請稍後再試，或檢查這台主機的 DNS 設定。"},

		"mx_ok":      {"寄往 {domain} 的信件由 {host} 接收。", ""},
		"mx_missing": {"{domain} 沒有 MX 記錄，顧客的回信可能寄不到。", "請到您的 DNS 服務商為 {domain} 新增 MX 記錄。"},
		"mx_null":    {"{domain} 的 DNS 宣告不收信。", "請改用能收信的網域作為寄件地址，或修改它的 MX 記錄。"},

		"spf_ok":       {"{domain} 的 SPF 記錄沒有問題。", ""},
		"spf_missing":  {"{domain} 沒有 SPF 記錄，您的信件較容易被當成垃圾信。", "請為 {domain} 新增這筆 TXT 記錄：{record}"},
		"spf_several":  {"{domain} 有 {count} 筆 SPF 記錄，收件方會全部略過。", "請合併成一筆以 v=spf1 開頭的 TXT 記錄。"},
		"spf_open":     {"{domain} 的 SPF 記錄允許任何人以您的名義寄信。", "請把結尾的 +all 改成 ~all 或 -all。"},
		"spf_lookups":  {"{domain} 的 SPF 記錄需要至少 {count} 次查詢，超過 10 次收件方就會停止。", "請移除記錄中已不再使用的服務。"},
		"spf_provider": {"您透過 {host} 寄信，但 {domain} 的 SPF 記錄沒有列入它。", "請在記錄中加上 include:{include}。"},

		"dkim_off":     {"本系統沒有自行加上 DKIM 簽章。許多郵件服務商會代為簽章。", "如果您的服務商沒有提供，請在「設定 → 案件台 → 郵件」產生金鑰，並把記錄加到 {domain} 的 DNS。"},
		"dkim_ok":      {"DKIM 記錄 {name} 與簽章用的金鑰相符。", ""},
		"dkim_missing": {"DNS 中沒有 DKIM 記錄 {name}。", "請新增「設定 → 案件台 → 郵件」顯示的 TXT 記錄。新記錄可能要數小時才會生效。"},
		"dkim_other":   {"DKIM 記錄 {name} 的金鑰與簽章用的不同。", "請改成「設定 → 案件台 → 郵件」顯示的記錄。"},
		"dkim_revoked": {"DKIM 記錄 {name} 是空的，表示金鑰已撤銷。", "請改成「設定 → 案件台 → 郵件」顯示的記錄。"},

		"dmarc_ok":      {"{domain} 的 DMARC 政策是 {policy}。", ""},
		"dmarc_watch":   {"{domain} 的 DMARC 記錄目前只做觀察（p=none）。", ""},
		"dmarc_missing": {"{domain} 沒有 DMARC 記錄，大型郵件服務會較不信任您的信件。", "請新增 TXT 記錄 _dmarc.{domain}，內容為 v=DMARC1; p=none，之後再逐步收緊。"},
		"dmarc_several": {"{domain} 有多筆 DMARC 記錄，收件方會全部略過。", "請在 _dmarc.{domain} 只保留一筆 TXT 記錄。"},
		"dmarc_broken":  {"{domain} 的 DMARC 記錄沒有有效的政策。", "請填入 p=none、p=quarantine 或 p=reject。"},

		"clock_ok":        {"系統時間正確，誤差在 {offset} 以內。", ""},
		"clock_off":       {"系統時間差了 {offset}，會影響連結與到期時間。", "請開啟時間同步（systemd-timesyncd 或 chrony）。"},
		"clock_unknown":   {"時間伺服器（{server}）沒有回應，無法核對系統時間。", ""},
		"holidays_end":    {"{country} 的國定假日資料只到 {year} 年底，之後的假日會被當成工作日計算。", "請更新 PocketDesk，或在「設定 → 行事曆」匯入新的假日表。"},
		"holidays_failed": {"無法讀取行事曆：{reason}", ""},

		"disk_ok":   {"磁碟還有 {free} 可用空間。", ""},
		"disk_low":  {"磁碟只剩 {free} 可用空間。", "請清出空間，或把 pb_data 移到較大的磁碟。"},
		"disk_full": {"磁碟快滿了，只剩 {free}，新訊息可能很快就無法儲存。", "請立刻清出空間，可先從 pb_data/backups 的舊備份開始。"},

		"zone_ok":  {"商店時區為 {zone}。", ""},
		"zone_utc": {"商店時區為 UTC，信中的時間會是倫敦時間。", "請到「設定 → 案件台 → 商店與基本設定」選擇您的時區，例如 Asia/Taipei。"},

		"url_ok":      {"可從公開網址 {url} 連到本系統。", ""},
		"url_missing": {"尚未設定公開網址，信中的連結無法使用。", "請在 PocketBase 的設定中填寫應用程式網址（Application URL）。"},
		"url_local":   {"公開網址是 {url}，顧客無法連上。", "請在 PocketBase 的設定中，把應用程式網址改成顧客使用的網址。"},
		"url_http":    {"公開網址 {url} 沒有加密。", "請改用 https；PocketBase 以網域提供服務時會自動取得憑證。"},
		"url_failed":  {"從公開網址 {url} 連不到本系統：{reason}", "請檢查 DNS、防火牆，以及 PocketBase 前面的代理伺服器。"},

		"smtp_off":     {"尚未設定郵件伺服器，所有信件都暫時保留。", "請在 PocketBase 的「Mail settings」填入服務商的 SMTP 伺服器。"},
		"smtp_ok":      {"信件透過 {host} 加密寄出。", ""},
		"smtp_plain":   {"信件透過 {host} 寄出，但沒有加密。", "請改用服務商的 465 或 587 埠。"},
		"smtp_connect": {"連不上郵件伺服器 {host}：{reason}", "請檢查主機名稱與連接埠，並確認主機商沒有封鎖對外寄信。"},
		"smtp_tls":     {"與 {host} 的加密連線失敗：{reason}", "465 埠需開啟 TLS；587 埠則需關閉（會自動使用 STARTTLS）。"},
		"smtp_login":   {"{host} 拒絕登入：{reason}", "請檢查帳號與密碼。大型服務商通常需要使用應用程式密碼。"},

		"sender_ok":      {"寄件地址為 {address}。", ""},
		"sender_missing": {"尚未設定寄件地址。", "請到「設定 → 案件台 → 郵件」填寫，或填在 PocketBase 設定的寄件地址。"},

		"dkim_key": {"信件應該簽章，目前卻未簽章就寄出：{reason}", "請到「設定 → 案件台 → 郵件」產生新的金鑰。"},

		"mailbox_ok":     {"可以讀取信箱「{name}」。", ""},
		"mailbox_off":    {"沒有收取任何信箱；若有設定 Webhook，顧客的回信只能由它收進來。", "請到「設定 → 案件台 → 信箱」新增您的客服信箱。"},
		"mailbox_failed": {"無法讀取信箱「{name}」：{reason}", "請到「設定 → 案件台 → 信箱」檢查它的設定。"},

		"roundtrip_ok":      {"寄到 {address} 的信在 {seconds} 秒內回到本系統。", ""},
		"roundtrip_off":     {"測試信已寄出，但還沒有設定任何收信方式。", "請到「設定 → 案件台 → 信箱」新增您的客服信箱。"},
		"roundtrip_missing": {"寄到 {address}（附加 +… 標記）的測試信一分鐘內沒有收到。", "請看看它是否在信箱或垃圾信件匣、伺服器是否支援加號地址，以及本系統是否正在執行。"},
		"roundtrip_plus":    {"郵件伺服器不接受 {address} 的加號地址：{reason}", "請開啟子地址功能（Postfix：recipient_delimiter = +），或到「設定 → 案件台 → 郵件」關閉加號地址。"},
		"roundtrip_unsent":  {"寄到 {address} 的測試信寄不出去：{reason}", "請先修正郵件伺服器的設定。"},

		"llm_on":   {"語言模型已設定完成。", ""},
		"llm_open": {"語言模型連續失敗，暫時停用。", "請檢查 POCKETDESK_LLM_BASE_URL、金鑰，以及服務商的狀態頁。"},
		"llm_off":  {"沒有設定語言模型，不設定也能正常使用。", ""},

		"watch_ok":         {"回覆期限有人把關：時間用掉 {percent}% 時提醒負責人，逾期時通知小組負責人；案件超過 {after}（營業時間）沒有人接也會通知。", ""},
		"watch_teams":      {"回覆期限有人把關：時間用掉 {percent}% 時提醒負責人，逾期時通知小組負責人；沒有人接的案件依各小組設定的時間通知。", ""},
		"watch_late":       {"沒有啟用任何服務時限：回覆快逾期或已逾期時，不會提醒任何人。", "請到「設定 → 案件台 → 服務時限」啟用一個。"},
		"watch_unassigned": {"案件一直沒有人接時，不會通知任何人。", "請到「設定 → 案件台 → 小組與分派」的「沒有小組的案件」填寫時間，例如 4h；沒有另外設定的小組也會適用。"},
		"watch_nobody":     {"目前沒有任何人可以收到提醒。", "請先開啟一次案件台，或到「設定 → 案件台 → 人員」新增同事。"},
		"watch_failed":     {"無法確認回覆期限是否有人把關：{reason}", ""},

		"captcha_on":        {"{provider} 的驗證碼已設定完成。", ""},
		"captcha_off":       {"沒有設定驗證碼，由表單內建的運算題把關。", ""},
		"captcha_no_secret": {"已選擇 {provider} 驗證碼，但缺少密鑰。", "請設定 POCKETDESK_CAPTCHA_SECRET 後重新啟動。"},
		"captcha_faulty":    {"{provider} 驗證碼的設定無法使用。", "請到「設定 → 案件台 → 篩選」檢查網站金鑰。"},
		"captcha_down":      {"{provider} 沒有回應，目前不經驗證碼直接收件。", "請查看服務商的狀態頁。"},

		"sms_on":        {"簡訊透過 {host} 發送。", ""},
		"sms_off":       {"沒有設定簡訊服務，不設定也能正常使用。", ""},
		"sms_no_url":    {"簡訊功能已開啟，但尚未設定簡訊服務。", "請到「設定 → 案件台 → 簡訊」填寫網址。"},
		"sms_no_secret": {"缺少簡訊服務的密鑰。", "請到「設定 → 案件台 → 簡訊」填寫。"},

		"authserv_ok":      {"採信 {server} 對寄件人的查驗結果。", ""},
		"authserv_missing": {"尚未指定採信哪一台郵件伺服器的查驗結果，偽造的寄件人會看起來像真的。", "請到「設定 → 案件台 → 郵件」填寫您的郵件伺服器名稱，也就是收到的信中 Authentication-Results 開頭的名稱。"},
	}
}
