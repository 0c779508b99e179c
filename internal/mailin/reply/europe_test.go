package reply

import "testing"

// What clients put below an answer in the languages of Europe and nearby.
var westernTails = []tail{
	{"Gmail en", "On Sun, Nov 22, 2026 at 10:00 AM Corner Shop <desk@shop.example> wrote:\n\n> Hello,\n> shipped."},
	{"Gmail en, wrapped twice", "On Sun, Nov 22, 2026 at 10:00 AM The Corner Shop Customer Care Team\n<a-rather-long-address-of-a-desk+c-0123456789abcdef@shop.example>\nwrote:\n\n> shipped."},
	{"Gmail en, unmarked", "On Sun, 22 Nov 2026 at 10:00, Corner Shop <desk@shop.example> wrote:\n\nHello,\n\nshipped."},
	{"Apple Mail", "> On 22 Nov 2026, at 10:00, Corner Shop <desk@shop.example> wrote:\n> \n> Hello"},
	{"iPhone", "Sent from my iPhone\n\n> On Nov 22, 2026, at 10:00 AM, Corner Shop <desk@shop.example> wrote:\n> \n> Hello"},
	{"Outlook", "From: Corner Shop <desk@shop.example>\nSent: Sunday, November 22, 2026 10:00 AM\nTo: Bob <bob@home.example>\nSubject: RE: Order\n\nHello"},
	{"Outlook bold, blank lines between", "*From:* Corner Shop [mailto:desk@shop.example]\n\n*Sent:* Sunday, November 22, 2026 10:00 AM\n\n*To:* Bob\n\n*Subject:* RE: Order\n\nHello"},
	{"Outlook for Android", "Get Outlook for Android<https://aka.ms/ghei36>\n________________________________\nFrom: Corner Shop <desk@shop.example>\nSent: Sunday, November 22, 2026 10:00:00 AM\nTo: Bob\nSubject: Order\n\nHello"},
	{"Outlook for Mac", "From: Corner Shop <desk@shop.example>\nDate: Sunday, November 22, 2026 at 10:00\nTo: Bob <bob@home.example>\nSubject: Order\n\nHello"},
	{"Samsung", "-------- Original message --------\nFrom: Corner Shop <desk@shop.example> \nDate: 22/11/2026 10:00 (GMT+00:00) \nTo: bob@home.example \nSubject: Order \n\nHello"},
	{"BlackBerry", "Sent from my BlackBerry 10 smartphone.\n  Original Message  \nFrom: Corner Shop\nSent: Sunday, 22 November 2026 10:00\nTo: Bob\nSubject: Order\n\nHello"},
	{"Yahoo", "    On Sunday, November 22, 2026, 10:00:00 AM GMT, Corner Shop <desk@shop.example> wrote:  \n \n Hello"},
	{"Yahoo, old", "--- On Sun, 11/22/26, Corner Shop <desk@shop.example> wrote:\n\nFrom: Corner Shop <desk@shop.example>\nSubject: Order\nTo: bob@home.example\nDate: Sunday, November 22, 2026, 10:00 AM\n\nHello"},
	{"Hotmail", "> Date: Sun, 22 Nov 2026 10:00:00 +0000\n> From: desk@shop.example\n> To: bob@home.example\n> Subject: Order\n> \n> Hello"},
	{"Proton", "Sent with Proton Mail secure email.\n\n------- Original Message -------\nOn Sunday, November 22nd, 2026 at 10:00, Corner Shop <desk@shop.example> wrote:\n\n\n> Hello"},
	{"Spark", "On Nov 22, 2026, 10:00 +0000, Corner Shop <desk@shop.example>, wrote:\n> Hello"},
	{"Zoho", "---- On Sun, 22 Nov 2026 10:00:00 +0000 Corner Shop <desk@shop.example> wrote ----\n\nHello"},
	{"mutt", "On Sun, Nov 22, 2026 at 10:00:00AM +0000, Corner Shop wrote:\n> Hello"},
	{"Horde", "Quoting Corner Shop <desk@shop.example>:\n\n> Hello"},
	{"The Bat", "Sunday, November 22, 2026, 10:00:00 AM, you wrote:\n\nCS> Hello\nCS> shipped"},
	{"Notes", "From:        Corner Shop <desk@shop.example>\nTo:        Bob <bob@home.example>\nDate:        22/11/2026 10:00\nSubject:        Order\n\n\n\nHello"},
	{"name only", "Corner Shop wrote:\n> Hello\n> shipped"},
	{"help desk marker", "##- Please type your reply above this line -##\n\nHello"},
	{"Gmail de", "Am So., 22. Nov. 2026 um 10:00 Uhr schrieb Eckladen <desk@laden.example>:\n\n> Hallo"},
	{"Thunderbird de", "Am 22.11.26 um 10:00 schrieb Eckladen:\n> Hallo"},
	{"GMX", "Gesendet: Sonntag, 22. November 2026 um 10:00 Uhr\nVon: \"Eckladen\" <desk@laden.example>\nAn: bob@home.example\nBetreff: Bestellung\n\nHallo"},
	{"Outlook de", "Von: Eckladen <desk@laden.example>\nGesendet: Sonntag, 22. November 2026 10:00\nAn: Bob\nBetreff: AW: Bestellung\n\nHallo"},
	{"iPhone de", "Von meinem iPhone gesendet\n\n> Am 22.11.2026 um 10:00 schrieb Eckladen <desk@laden.example>:\n> \n> Hallo"},
	{"Gmail fr", "Le dim. 22 nov. 2026 à 10:00, Boutique <desk@boutique.example> a écrit :\n\n> Bonjour"},
	{"Outlook fr", "De : Boutique <desk@boutique.example>\nEnvoyé : dimanche 22 novembre 2026 10:00\nÀ : Bob\nObjet : RE: Commande\n\nBonjour"},
	{"Orange", "> Message du 22/11/26 10:00\n> De : \"Boutique\" <desk@boutique.example>\n> A : bob@home.example\n> Copie à : \n> Objet : Commande\n> \n> Bonjour"},
	{"Gmail es", "El dom, 22 nov 2026 a las 10:00, Tienda (<desk@tienda.example>) escribió:\n\n> Hola"},
	{"Outlook es", "De: Tienda <desk@tienda.example>\nEnviado: domingo, 22 de noviembre de 2026 10:00\nPara: Bob\nAsunto: RE: Pedido\n\nHola"},
	{"Gmail pt", "Em dom., 22 de nov. de 2026 às 10:00, Loja <desk@loja.example> escreveu:\n\n> Olá"},
	{"Gmail it", "Il giorno dom 22 nov 2026 alle ore 10:00 Negozio <desk@negozio.example> ha scritto:\n\n> Ciao"},
	{"Gmail nl", "Op zo 22 nov 2026 om 10:00 schreef Winkel <desk@winkel.example>:\n\n> Hallo"},
	{"Gmail sv", "Den sön 22 nov. 2026 kl 10:00 skrev Butik <desk@butik.example>:\n\n> Hej"},
	{"Gmail da", "Den søn. 22. nov. 2026 kl. 10.00 skrev Butik <desk@butik.example>:\n\n> Hej"},
	{"Gmail no", "søn. 22. nov. 2026 kl. 10:00 skrev Butikk <desk@butikk.example>:\n\n> Hei"},
	{"Gmail fi", "su 22. marrask. 2026 klo 10.00 Kauppa (desk@kauppa.example) kirjoitti:\n\n> Hei"},
	{"Gmail pl", "niedz., 22 lis 2026 o 10:00 Sklep <desk@sklep.example> napisał(a):\n\n> Witam"},
	{"Thunderbird pl", "W dniu 22.11.2026 o 10:00, Sklep pisze:\n> Witam"},
	{"Gmail cs", "ne 22. 11. 2026 v 10:00 odesílatel Obchod <desk@obchod.example> napsal:\n\n> Dobrý den"},
	{"Gmail hu", "Bolt <desk@bolt.example> ezt írta (időpont: 2026. nov. 22., V, 10:00):\n\n> Szia"},
	{"Gmail ro", "În dum., 22 nov. 2026 la 10:00, Magazin <desk@magazin.example> a scris:\n\n> Salut"},
	{"Gmail tr", "Dükkan <desk@dukkan.example>, 22 Kas 2026 Paz, 10:00 tarihinde şunu yazdı:\n\n> Merhaba"},
	{"Gmail ru", "вс, 22 нояб. 2026 г. в 10:00, Магазин <desk@magazin.example>:\n\n> Здравствуйте"},
	{"Mail.ru", "Воскресенье, 22 ноября 2026, 10:00 +03:00 от Магазин <desk@magazin.example>:\n\nЗдравствуйте"},
	{"Yandex", "22.11.2026, 10:00, \"Магазин\" <desk@magazin.example>:\n\nЗдравствуйте"},
	{"Gmail uk", "нд, 22 лист. 2026 р. о 10:00 Крамниця <desk@kramnytsia.example> пише:\n\n> Вітаю"},
	{"Gmail el", "Στις Κυρ 22 Νοε 2026 στις 10:00 π.μ., ο χρήστης Shop <desk@shop.example> έγραψε:\n\n> Γεια"},
	{"Gmail vi", "Vào CN, 22 thg 11, 2026 vào lúc 10:00 Shop <desk@shop.example> đã viết:\n\n> Chào"},
	{"Gmail id", "Pada tanggal Min, 22 Nov 2026 pukul 10.00 Toko <desk@toko.example> menulis:\n\n> Halo"},
	{"Gmail th", "ในวันที่ อา. 22 พ.ย. 2026 เวลา 10:00 Shop <desk@shop.example> เขียนว่า:\n\n> สวัสดี"},
	{"Gmail he", "\u202bבתאריך יום א׳, 22 בנוב׳ 2026 ב-10:00 מאת \u202aShop\u202c\u200f <\u202adesk@shop.example\u202c\u200f>:\u202c\n\n> שלום"},
	{"RFC signature", "-- \nBob\nbob@home.example"},
	{"underlined signature", "________________\nBob Builder\nHome Ltd"},
	{"em dash", "—\nBob\n+44 20 7946 0958"},
	{"closing and card", "Kind regards,\n\nBob Builder\nManager, Home Ltd.\nTel. +44 20 7946 0958"},
	{"card below the quote", "On Sun, Nov 22, 2026 at 10:00 AM Corner Shop <desk@shop.example> wrote:\n\n> Hello\n\nBob Builder\nHome Ltd, www.home.example"},
	{"virus scanner", "--\nThis email has been checked for viruses by Avast antivirus software.\nwww.avast.com"},
	{"legal notice", "This e-mail is confidential and may be privileged. If you are not the intended\nrecipient please delete it."},
	{"iPhone es", "Enviado desde mi iPhone"},
	{"Android fr", "Envoyé de mon appareil Android"},
	{"Samsung it", "Inviato dal mio Galaxy"},
	{"apology", "Sent from my phone, please excuse typos."},
}

var westernLetters = []string{
	"Yes, please.",
	"Hello,\n\nthe blue one in size 42 – and:\n\n- no wrapping\n- by post\n\n> 3 pieces are enough, I think.\n\nThanks,\nBob",
	"Voilà:\n\n```\n> echo 1\n--\nOn 5 May 2026 at 10:00, Bob <b@c.example> wrote:\n```\n\nMerci d'avance",
}

func TestWesternTails(t *testing.T) {
	for _, tl := range westernTails {
		for _, letter := range westernLetters {
			tl.below(t, letter)
		}
	}
}

func TestWesternOwnWords(t *testing.T) {
	for _, s := range []string{
		"On 5 May 2024 at 10:00 Anna wrote to me:\n\nthat it is on its way. It is not here yet.",
		"On the day I wrote:\n\nI was in Paris. Please refund.",
		"On 22 Nov 2026 at 10:00 you wrote:\n\n\"We will refund you.\"\n\nNothing came yet!",
		"On Monday we ordered three chairs.\nOn Tuesday they wrote that two were gone.",
		"I ordered on 5 May 2026 at 10:00.\nPlease ask Bob <bob@home.example> about it:\n\nhe knows the number.",
		"Please ship like this:\n\nFrom: Taipei\nTo: Tokyo\nDate: 2026-05-01\n\nThank you",
		"Sent from my desk, which is much easier than my phone.\n\nPlease call.",
		"The parcel was sent by courier yesterday.\n\nSent by DHL\n\nIs it lost?",
		"# Problem\n\n---\n\nThe page does not load when I press the button. I tried it twice.",
		"Totals\n------\nchairs  3\ntables  1\n\nOverview\n--------\nAll of it arrived broken, as you can see.",
		"| item | count |\n|------|-------|\n| chair | 3 |\n\nPlease add one more.",
		"Steps:\n1. open -- then wait\n2. ---------- does not help\n3. close",
		"I see this message:\n> Payment failed",
		"> Which colour?\n\nBlue.\n\n> Which size?\n\n42",
		"> a quotation by a poet\n\nThat is what I mean.",
		"-1 for me\n- 2 chairs\n-- and a table",
		"We need > 50 pieces.\n>50 would be fine, too.\nPlease reply.",
		"Best regards are not enough; I want my money back, please.",
		"Thanks,\nBob",
		"```\ncode\n---\n--\nBob <b@c.example> wrote:\n> x\n```\nCan you run this?",
		"My notes from 3 May 2026:\n\n1. the chair is blue\n2. it broke",
	} {
		own(t, s)
	}
}
