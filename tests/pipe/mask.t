#!/bin/sh
# ctx-compress --mask: what was masked goes nowhere, and comes back.
. "$(dirname "$0")/../lib.sh"
need ctx-compress prompt-render llm-call jq

cat >talk.jsonl <<'END'
{"id":"a","messages":[{"role":"user","content":"我叫李雨桐，手机13800138000，身份证11010519491231002X"},{"role":"assistant","content":"好的，李雨桐"},{"role":"user","content":"寄到上海市浦东新区春晓路12弄5号楼602室，发票发 li.na@example.com，电话13800138000"}]}
{"id":"b","query":"call (415) 555-0132?","messages":[{"role":"user","content":"card 4111 1111 1111 1111"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"pay","arguments":"{\"card\":\"4111 1111 1111 1111\",\"phone\":13900139000}"}}]},{"role":"tool","tool_call_id":"c1","content":"[PHONE_1] is busy"}]}
{"id":"c","messages":[{"role":"user","content":"退款要多久？"}]}
END
echo 李雨桐 >people.txt
secrets='13800138000|11010519491231002X|李雨桐|春晓路|li\.na|555-0132|4111 1111|13900139000'

run ctx-compress --mask --gazetteer people.txt -f talk.jsonl
cp out masked.jsonl
is "records are masked" "$status" 0
is "the same value has the same stand-in, others another" \
	"$(jq -r 'select(.id == "a") | .messages[2].content' masked.jsonl)" \
	'寄到[ADDRESS_1]，发票发 [EMAIL_1]，电话[PHONE_1]'
is "... names of the gazetteer, too" \
	"$(jq -r 'select(.id == "a") | .messages[1].content' masked.jsonl)" '好的，[NAME_1]'
is "a stand-in that is said already is passed over" \
	"$(jq -r 'select(.id == "b") | .query' masked.jsonl)" 'call [PHONE_3]?'
is "arguments of calls stay JSON" \
	"$(jq -rc 'select(.id == "b") | .messages[1].tool_calls[0].function.arguments | fromjson | keys' masked.jsonl)" \
	'["card","phone"]'
is "nothing of it is outside of the map" \
	"$(jq -c 'del(.compression.masked)' masked.jsonl | grep -cE "$secrets")" 0
is "a record without any has no map" \
	"$(jq -c 'select(.id == "c") | .compression.masked' masked.jsonl)" null
prompt-render <masked.jsonl | jq -c .prompt >prompts
is "nothing of it is in a prompt" "$(grep -cE "$secrets" prompts)" 0
has "... but its stand-ins are" prompts 'PHONE_1'

ctx-compress --unmask -f masked.jsonl | jq -c '[.id, .messages, .query]' >back
jq -c '[.id, .messages, .query]' talk.jsonl |
	sed 's/\\"phone\\":13900139000/\\"phone\\":\\"13900139000\\"/' >want
sed 's/\\"phone\\":13900139000/\\"phone\\":\\"13900139000\\"/' back >got
same "all of it comes back" got want
is "... and the map is gone" \
	"$(ctx-compress --unmask -f masked.jsonl | jq -c .compression.masked | sort -u)" null
jq -c 'select(.id == "a") | .answer = "已寄到[ADDRESS_1]，短信发到[PHONE_1]和[PHONE_9]"' masked.jsonl >answered
is "an answer gets its values back" "$(ctx-compress --unmask -f answered | jq -r .answer)" \
	'已寄到上海市浦东新区春晓路12弄5号楼602室，短信发到13800138000和[PHONE_9]'

# A conversation that goes on, and one that is cut.
jq -c 'select(.id == "a") | .messages += [{"role":"assistant","content":"收到"},
	{"role":"user","content":"再加一个电话13700137000"}]' talk.jsonl >longer
is "what was said keeps its stand-in when more is said" \
	"$(ctx-compress --mask --gazetteer people.txt -f longer |
	jq -c '.messages[:3]')" "$(jq -c 'select(.id == "a") | .messages' masked.jsonl)"
is "a cut conversation is masked, too" "$(ctx-compress --mask --gazetteer people.txt -r .6 \
	--over=flag -f longer | jq -c 'del(.compression.masked)' | grep -cE "$secrets")" 0
ctx-compress --mask -b 3 -f longer >failed
is "a record that fails keeps its map" \
	"$(jq -c '[.error.code, (.compression.masked | length)]' failed)" '["limit",5]'

# ---- what looks like personal data ----

# Each line: what is said | what of it is personal, "-": nothing.
cat >twins <<'END'
回电13812345678 | PHONE 13812345678
运单13812345678901 | -
订单号13812345678 | -
订单编号：13900139000 | -
order number 13800138000 | -
手机号13900139000 | PHONE 13900139000
tracking no. 4155550132 | -
call me at 415-555-0132 | PHONE 415-555-0132
part number 415-555-0132-77 | -
SKU 0571-88886666 | -
服务器192.168.10.101宕机 | -
ssh 10.11.12.13 -p 2222 | -
gateway 203.0.113.195:8080 | -
fe80::1ff:fe23:4567:890a 不通 | -
2001:0db8:85a3:0000:0000:8a2e:0370:7334 is up | -
身份证11010519491231002X | ID_CARD 11010519491231002X
身份证号110105194912310021 | -
流水号110105194912310022 | -
编号 11010519491331002X | -
card 4111 1111 1111 1111 | BANK_CARD 4111 1111 1111 1111
card 4111 1111 1111 1112 | -
card 5500005555555559 | BANK_CARD 5500005555555559
invoice 5500005555555550 | -
mail li.na@example.com | EMAIL li.na@example.com
git clone git@github.com:foo/bar.git | -
pip install foo@1.2.3 | -
@support 在吗 | -
user@localhost 登录失败 | -
version 1.2.3.4 released | -
时间戳1700000000123 | -
timestamp 1380013800012 | -
2026-03-01 12:00:07.138001 | -
UUID 13800138-0013-8001-3800-138001380013 | -
commit 13800138000abcdef | -
价格 13,800,138,000 元 | -
13800138000.50元 | -
QQ 1380013800 | -
ISBN 978-7-111-54742-6 | -
ISBN 9787111547426 | -
EAN 6901234567892 | -
圆周率3.1415926535897932 | -
IMEI 490154203237518 | -
坐标 31.2304, 121.4737 | -
经度121.473701 纬度31.230416 | -
住在上海市浦东新区张江路88号3栋402室 | ADDRESS 上海市浦东新区张江路88号3栋402室
上海市浦东新区有多大？ | -
第88号公路在哪 | -
我坐地铁2号线去3号楼 | -
402室在几楼 | -
+1 (415) 555-0132 | PHONE +1 (415) 555-0132
+86 138 1234 5678 | PHONE +86 138 1234 5678
138-1234-5678 | PHONE 138-1234-5678
12345678901 | -
19 mars 2026 10:15 | -
5 * 1380013800 = 6900069000 | -
0.13800138000 | -
/dev/tty13800138000 | -
batch 20261130-0900-1365 | -
model WH-1000XM4, firmware 2.5.1 | -
转账13800138000元 | -
转给13800138000，元旦前 | PHONE 13800138000
播放13800138000次 | -
write to git@github.com: thanks | EMAIL git@github.com
身份证号 11010519491331002X | -
护照照片编号 440308199901010013 | -
END
sed 's/ | .*//' twins | jq -Rc '{messages: [{role: "user", content: .}]}' |
	ctx-compress --mask | jq -r '.compression.masked // {} | to_entries |
	map((.key | ltrimstr("[") | sub("_[0-9]+\\]$"; "")) + " " + .value) |
	if . == [] then "-" else join(", ") end' >found
sed 's/.* | //' twins >want
same "numbers and names that look like it are none, those beside them are" found want

# ---- a file of maps ----

(umask 077 && : >maps.jsonl)
ctx-compress --mask --mask-map maps.jsonl --gazetteer people.txt -f talk.jsonl >kept
is "the map goes to a file" "$(jq -c .compression.masked kept | sort -u) $(wc -l <maps.jsonl | tr -d ' ')" \
	"null 2"
is "nothing of it is in the record" "$(grep -cE "$secrets" kept)" 0
is "it comes back from there" \
	"$(ctx-compress --unmask --mask-map maps.jsonl -f kept | jq -c 'select(.id == "a") | .messages')" \
	"$(jq -c 'select(.id == "a") | .messages' talk.jsonl)"
rm -f new.jsonl
ctx-compress --mask --mask-map new.jsonl -f talk.jsonl >/dev/null
is "a new file is for its owner" "$(stat -c %a new.jsonl)" 600
chmod 644 new.jsonl
run ctx-compress --mask --mask-map new.jsonl -f talk.jsonl
has "one that others may read is refused" err 'may be read by others'
echo '{"messages":[]}' | ctx-compress --mask --mask-map maps.jsonl >noid
has "a record without an id is an error" noid "needs an 'id'"
run ctx-compress --mask --unmask -f talk.jsonl
is "both at once is wrong usage" "$status" 2
run ctx-compress --mask-map maps.jsonl -f talk.jsonl
is "a map for nothing is wrong usage" "$status" 2
echo 'no map' >bad.jsonl
run ctx-compress --unmask --mask-map bad.jsonl -f talk.jsonl
has "a file that holds no maps is named" err 'bad.jsonl:1'
ctx-compress --mask -j 2 --gazetteer people.txt -f talk.jsonl >two
same "threads change nothing" two masked.jsonl

# Precision and recall, of the set of the project: floors.
score=$(python3 "$ROOT/tests/eval/personal.py" | awk '/^all/ { print ($5 >= .98 && $7 >= .95) }')
is "personal data of the project's own texts is found" "$score" 1
finish
