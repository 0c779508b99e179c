package report

// goneEurope: an address that is not there, in the languages of Europe.
var goneEurope = []string{
	// German
	"unbekannter benutzer", "benutzer unbekannt", "unbekannter empfänger", "empfänger unbekannt", "empfänger ist unbekannt",
	"empfängeradresse unbekannt", "adresse unbekannt", "adressat unbekannt", "existiert nicht", "nicht existent", "gibt es nicht",
	"wurde nicht gefunden", "konnte nicht gefunden werden", "nicht gefunden", "nicht bekannt", "ungültiger empfänger", "ungültige empfänger",
	"kein solcher benutzer", "keine solche", "nicht aufgelistet", "nicht vergeben", "domäne unbekannt",
	// French
	"utilisateur inconnu", "destinataire inconnu", "adresse inconnue", "boite inconnue", "boîte inconnue", "compte inconnu", "n'existe pas",
	"n'existe plus", "n'a pas été trouvé", "introuvable", "inexistant", "domaine inconnu", "hôte inconnu", "destinataire invalide",
	"adresse invalide", "aucun utilisateur", "n'est pas répertorié",
	// Spanish
	"usuario desconocido", "destinatario desconocido", "dirección desconocida", "buzón desconocido", "no existe", "ya no existe",
	"inexistente", "no se encontró", "no se ha encontrado", "no encontrado", "no se encuentra", "no ha sido encontrad",
	"destinatario no válido", "usuario no válido", "dominio desconocido",
	// Italian
	"utente sconosciuto", "destinatario sconosciuto", "indirizzo sconosciuto", "non esiste", "utente inesistente", "non trovato",
	"non è stato trovato", "destinatario non valido", "casella inesistente", "dominio sconosciuto",
	// Portuguese
	"usuário desconhecido", "utilizador desconhecido", "destinatário desconhecido", "não existe", "não encontrado", "não foi encontrado",
	"não foi possível encontrar", "usuário inválido", "destinatário inválido",
	// Dutch
	"gebruiker onbekend", "onbekende gebruiker", "onbekende ontvanger", "ontvanger onbekend", "onbekend adres", "adres onbekend",
	"bestaat niet", "niet gevonden", "ongeldige ontvanger",
	// Swedish, Norwegian, Danish, Finnish
	"okänd användare", "okänd mottagare", "finns inte", "hittades inte", "hittas inte", "ukjent bruker", "ukjent mottaker", "finnes ikke",
	"ble ikke funnet", "ukendt bruger", "ukendt modtager", "findes ikke", "blev ikke fundet", "tuntematon käyttäjä",
	"tuntematon vastaanottaja", "ei ole olemassa", "ei löydy", "ei löytynyt",
	// Polish, Czech, Slovak, Hungarian
	"nieznany użytkownik", "nieznany odbiorca", "nie istnieje", "nie znaleziono", "neznámý uživatel", "neznámý příjemce", "neexistuje",
	"nebyl nalezen", "nenalezen", "neznámy používateľ", "nem létezik", "ismeretlen felhasználó", "ismeretlen címzett", "nem található",
	// Russian, Ukrainian
	"не существует", "пользователь не найден", "получатель не найден", "адрес не найден", "ящик не найден", "не найден",
	"нет такого пользователя", "нет такого ящика", "неизвестный пользователь", "неизвестный получатель", "такого пользователя нет",
	"не зарегистрирован", "не існує", "не знайдено",
	// Turkish, Greek
	"kullanıcı bulunamadı", "bilinmeyen kullanıcı", "alıcı bulunamadı", "mevcut değil", "δεν υπάρχει", "δεν βρέθηκε", "άγνωστος χρήστης",
}

// softEurope: the same languages for every other reason.
var softEurope = []string{
	"postfach voll", "postfach ist voll", "speicherplatz", "kontingent", "überschritten", "überschreitet", "zu groß", "gesperrt", "blockiert",
	"vorübergehend", "richtlinie", "absender", "nicht berechtigt", "authentifizierung", "zeitüberschreitung",
	"boîte pleine", "est pleine", "est plein", "trop volumineux", "temporaire", "bloqué", "indésirable", "expéditeur", "politique",
	"désactivé", "suspendu", "autoris", "dépass",
	"buzón lleno", "está lleno", "cuota", "excede", "excedido", "temporal", "bloquead", "remitente", "política", "desactivad", "suspendid",
	"no autorizad",
	"casella piena", "è piena", "temporane", "bloccat", "mittente", "politica", "disattivat", "sospes", "superat",
	"caixa cheia", "está cheia", "cheio", "cota ", "remetente", "temporári", "bloquead", "desativad", "suspens",
	"postvak vol", "mailbox vol", "is vol", "te groot", "geblokkeerd", "tijdelijk", "afzender", "uitgeschakeld",
	"brevlådan är full", "är full", "avsändare", "tillfällig", "er full", "avsender", "midlertidig", "afsender", "täynnä", "lähettäjä", "tilapäi",
	"przepełniona", "przekroczono", "nadawc", "zablokowan", "tymczasow", "schránka je plná", "překročen", "odesílatel", "dočasn", "blokován",
	"переполнен", "превышен", "спам", "заблокирован", "временно", "отправител", "квота", "политик", "отключен", "неактив", "переповнен",
}
