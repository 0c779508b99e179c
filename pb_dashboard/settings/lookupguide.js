// What the shop's system is sent, and how it can tell that the Desk asks.
import { tr, words } from "../lib/i18n.js";
import { icon } from "../lib/dom.js";

await words("lookupset");

const request = `GET /pocketdesk/orders?order=TW1001 HTTP/1.1
Host: shop.example
X-PocketDesk-Timestamp: 1795348800
X-PocketDesk-Signature: v1=hex(HMAC-SHA256(secret, "1795348800.GET./pocketdesk/orders?order=TW1001"))`;

const php = `<?php
$time = $_SERVER['HTTP_X_POCKETDESK_TIMESTAMP'] ?? '';
$text = $time . '.' . $_SERVER['REQUEST_METHOD'] . '.' . $_SERVER['REQUEST_URI'];
$want = 'v1=' . hash_hmac('sha256', $text, getenv('POCKETDESK_LOOKUP_SECRET'));
if (abs(time() - (int) $time) > 300 || !hash_equals($want, $_SERVER['HTTP_X_POCKETDESK_SIGNATURE'] ?? '')) {
    http_response_code(401);
    exit;
}
header('Content-Type: application/json');
echo json_encode(find_orders($_GET['order'] ?? '', $_GET['member'] ?? ''));`;

const js = `import { createHmac, timingSafeEqual } from "node:crypto";

export function fromPocketDesk(req) {
    const time = req.headers["x-pocketdesk-timestamp"] ?? "";
    const got = Buffer.from(req.headers["x-pocketdesk-signature"] ?? "");
    const mac = createHmac("sha256", process.env.POCKETDESK_LOOKUP_SECRET);
    const want = Buffer.from("v1=" + mac.update(\`\${time}.\${req.method}.\${req.url}\`).digest("hex"));
    return Math.abs(Date.now() / 1000 - Number(time)) < 300 && got.length == want.length && timingSafeEqual(got, want);
}`;

const answer = `{
  "member": {"number": "M-77", "name": "王小明", "since": "2024-03-01", "level": "Gold", "orders": 12,
             "url": "https://shop.example/admin/members/77", "email_sha256": "…"},
  "orders": [{"number": "TW1001", "status": "shipped", "placed_at": "2026-11-20T09:30:00+08:00",
              "total": "1290", "currency": "TWD", "url": "https://shop.example/admin/orders/1001",
              "tracking": "SF1234567890", "email": "ming@example.com", "phone": "0912345678",
              "items": [{"name": "茶壺", "quantity": 1, "price": "1290"}]}],
  "fields": [{"label": "Points", "value": "320"}]
}`;

const code = (title, text) => t.details({ className: "pd-make" }, t.summary({}, t.span({}, title), icon("arrow-down-s-line")), t.pre({ className: "pd-lookup-code", tabIndex: 0 }, text));

export const guide = () =>
    t.section(
        { rid: "guide", className: "pd-setcard" },
        t.h3({}, tr("lookupset.guide")),
        t.p({ className: "pd-hint" }, tr("lookupset.guide.sent")),
        code(tr("lookupset.guide.request"), request),
        t.p({ className: "pd-hint" }, tr("lookupset.guide.answer")),
        code(tr("lookupset.guide.answer.example"), answer),
        code(tr("lookupset.guide.verify", { language: "PHP" }), php),
        code(tr("lookupset.guide.verify", { language: "Node.js" }), js),
    );
