package doctor

func wordsEn() map[string]words {
	return map[string]words{
		"dns_failed": {"The DNS gave no answer about {name}.", "Try again later, or check this machine's DNS settings."},

		"mx_ok":      {"Mail to {domain} goes to {host}.", ""},
		"mx_missing": {"{domain} has no MX record: answers of visitors may not arrive.", "Add an MX record for {domain} at your DNS provider."},
		"mx_null":    {"{domain} says in its DNS that it takes no mail.", "Use a sender address on a domain that takes mail, or change its MX record."},

		"spf_ok":       {"The SPF record of {domain} is in order.", ""},
		"spf_missing":  {"{domain} has no SPF record: your mail is more likely to be taken for spam.", "Add this TXT record to {domain}: {record}"},
		"spf_several":  {"{domain} has {count} SPF records; receivers then use none.", "Merge them into one TXT record that begins with v=spf1."},
		"spf_open":     {"The SPF record of {domain} lets anybody send in your name.", "End the record with ~all or -all instead of +all."},
		"spf_lookups":  {"The SPF record of {domain} needs {count} lookups or more; beyond 10 receivers stop.", "Remove services that you no longer use from the record."},
		"spf_provider": {"You send through {host}, which the SPF record of {domain} doesn't name.", "Add include:{include} to the record."},

		"dkim_off":     {"The desk doesn't sign mail with DKIM itself. Many mail providers do it for you.", "If yours doesn't, make a key under Settings, Case desk, Mail, and add its record to the DNS of {domain}."},
		"dkim_ok":      {"The DKIM record {name} fits the key that signs.", ""},
		"dkim_missing": {"The DNS has no DKIM record {name}.", "Add the TXT record that Settings, Case desk, Mail shows. New records can take hours to be seen."},
		"dkim_other":   {"The DKIM record {name} holds another key than the one that signs.", "Replace it by the record that Settings, Case desk, Mail shows."},
		"dkim_revoked": {"The DKIM record {name} is empty, which revokes the key.", "Replace it by the record that Settings, Case desk, Mail shows."},

		"dmarc_ok":      {"The DMARC policy of {domain} is {policy}.", ""},
		"dmarc_watch":   {"{domain} has a DMARC record that only watches (p=none).", ""},
		"dmarc_missing": {"{domain} has no DMARC record: large mail services trust your mail less.", "Add a TXT record _dmarc.{domain} with v=DMARC1; p=none and tighten it later."},
		"dmarc_several": {"{domain} has more than one DMARC record; receivers then use none.", "Keep one TXT record at _dmarc.{domain}."},
		"dmarc_broken":  {"The DMARC record of {domain} names no valid policy.", "Give it p=none, p=quarantine or p=reject."},

		"clock_ok":        {"The clock is right within {offset}.", ""},
		"clock_off":       {"The clock is wrong by {offset}: links and due dates suffer.", "Switch on time synchronisation (systemd-timesyncd or chrony)."},
		"clock_unknown":   {"No time server answered ({server}), so the clock wasn't compared.", ""},
		"holidays_end":    {"Public holidays of {country} are known to the end of {year} only; later ones count as working days.", "Update PocketDesk, or import the new list in Settings → Calendars."},
		"holidays_failed": {"The calendars couldn't be read: {reason}", ""},

		"disk_ok":   {"{free} are left on the disk.", ""},
		"disk_low":  {"Only {free} are left on the disk.", "Make room, or move pb_data to a larger disk."},
		"disk_full": {"The disk is nearly full: {free} are left. New messages may soon be refused.", "Make room now: old backups in pb_data/backups are a good start."},

		"zone_ok":  {"The shop's time zone is {zone}.", ""},
		"zone_utc": {"The shop's time zone is UTC, so times in mails are London's.", "Choose yours under Settings, Case desk, Shop and basics, such as Asia/Taipei."},

		"url_ok":      {"The public address {url} reaches this desk.", ""},
		"url_missing": {"No public address is set: links in mails lead nowhere.", "Set the application URL in PocketBase's settings."},
		"url_local":   {"The public address is {url}, which visitors can't reach.", "Set the application URL in PocketBase's settings to the address that visitors use."},
		"url_http":    {"The public address {url} is not encrypted.", "Use https; PocketBase gets a certificate by itself when it serves a domain."},
		"url_failed":  {"The public address {url} doesn't reach this desk: {reason}", "Check the DNS, the firewall and the proxy before PocketBase."},

		"smtp_off":     {"No mail server is set up: all mail is held.", "Enter your provider's SMTP server in PocketBase's settings, Mail settings."},
		"smtp_ok":      {"Mail leaves through {host}, encrypted.", ""},
		"smtp_plain":   {"Mail leaves through {host} without encryption.", "Use port 465 or 587 of your provider."},
		"smtp_connect": {"The mail server {host} can't be reached: {reason}", "Check host and port, and whether your hosting company blocks outgoing mail."},
		"smtp_tls":     {"The encryption with {host} failed: {reason}", "Port 465 needs TLS switched on, port 587 needs it off (STARTTLS is used by itself)."},
		"smtp_login":   {"{host} refused the login: {reason}", "Check user name and password. Large providers want an app password here."},

		"sender_ok":      {"Mail comes from {address}.", ""},
		"sender_missing": {"No sender address is set.", "Enter it under Settings, Case desk, Mail, or as the sender address in PocketBase's settings."},

		"dkim_key": {"Mail should be signed, but leaves unsigned: {reason}", "Make a new key under Settings, Case desk, Mail."},

		"mailbox_ok":     {"The mailbox {name} can be read.", ""},
		"mailbox_off":    {"No mailbox is fetched: answers by mail reach the desk by the webhook only, if at all.", "Add your service mailbox under Settings, Case desk, Mailboxes."},
		"mailbox_failed": {"The mailbox {name} can't be read: {reason}", "Check its settings under Settings, Case desk, Mailboxes."},

		"roundtrip_ok":      {"A mail to {address} came back into the desk within {seconds} s.", ""},
		"roundtrip_off":     {"A mail to ourselves left, but no way for mail to come in is set up.", "Add your service mailbox under Settings, Case desk, Mailboxes."},
		"roundtrip_missing": {"A mail that was sent to {address} with a tag (+…) didn't come in within a minute.", "See whether it lies in the mailbox or its junk folder, whether the server knows plus-addresses, and whether the desk is running."},
		"roundtrip_plus":    {"The mail server takes no plus-addresses for {address}: {reason}", "Switch on subaddressing (recipient_delimiter = + in Postfix), or switch plus-addresses off under Settings, Case desk, Mail."},
		"roundtrip_unsent":  {"A mail to {address} could not be sent: {reason}", "Mend the mail server's settings first."},

		"llm_on":   {"The language model is set up.", ""},
		"llm_open": {"The language model failed repeatedly and is left alone for a while.", "Check POCKETDESK_LLM_BASE_URL, the key and the provider's status page."},
		"llm_off":  {"No language model is set up. None is needed.", ""},

		"watch_ok":         {"Answers are watched: whoever has a case is warned after {percent} % of its time, the lead hears of it once it is late, and of a case that nobody took after {after} of opening hours.", ""},
		"watch_teams":      {"Answers are watched: whoever has a case is warned after {percent} % of its time, the lead hears of it once it is late, and of cases that nobody takes as each team says.", ""},
		"watch_late":       {"No service level is in use: nobody is warned before an answer is late, or hears that it is.", "Switch one on under Settings, Case desk, Service levels."},
		"watch_unassigned": {"Nobody hears of cases that nobody takes.", "Give a time under Settings, Case desk, Teams and assignment, “Cases without a team”, such as 4h. It counts for all teams without their own."},
		"watch_nobody":     {"There is nobody whom warnings could reach.", "Open the case desk once, or add people under Settings, Case desk, People."},
		"watch_failed":     {"Whether answers are watched could not be found out: {reason}", ""},

		"captcha_on":        {"The captcha of {provider} is set up.", ""},
		"captcha_off":       {"No captcha is set up. The form's own puzzle does its work.", ""},
		"captcha_no_secret": {"{provider} is chosen as captcha, but its secret is missing.", "Set POCKETDESK_CAPTCHA_SECRET and start again."},
		"captcha_faulty":    {"The captcha's settings for {provider} can't be used.", "Check the site key under Settings, Case desk, Screening."},
		"captcha_down":      {"{provider} doesn't answer; messages are taken without its captcha.", "See the provider's status page."},

		"sms_on":        {"Text messages leave through {host}.", ""},
		"sms_off":       {"No SMS gateway is set up. None is needed.", ""},
		"sms_no_url":    {"Text messages are switched on, but no gateway is set.", "Enter its URL under Settings, Case desk, Text messages."},
		"sms_no_secret": {"The SMS gateway's secret is missing.", "Enter it under Settings, Case desk, Text messages."},

		"authserv_ok":      {"What {server} says of a mail's sender is believed.", ""},
		"authserv_missing": {"Nobody is believed about the senders of mail: a forged sender looks like a real one.", "Enter the name of your mail server under Settings, Case desk, Mail, as it stands at the beginning of Authentication-Results in a mail you received."},
	}
}
