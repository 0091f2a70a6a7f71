#!/bin/sh
# Twins that differ in one thing: the true one is sent out, the false one is
# not. Each line: what the source says | what is true | what is not.
. "$(dirname "$0")/../lib.sh"
need fact-check

cat >pairs <<'EOF'
Lockers on the ground floor cost 2 euros, lockers on the roof cost 4 euros. | Lockers on the roof cost 4 euros. | Lockers on the roof cost 2 euros.
The blue line runs every 8 minutes and the red line runs every 15 minutes. | The red line runs every 15 minutes. | The red line runs every 8 minutes.
标准间每晚320元，豪华间每晚580元。 | 豪华间每晚580元。 | 豪华间每晚320元。
钢笔墨水保存两年，铅笔墨水保存五年。 | 铅笔墨水保存五年，钢笔墨水保存两年。 | 铅笔墨水保存两年，钢笔墨水保存五年。
Sales rose 5% in 2019 and 7% in 2020. | Sales rose 7% in 2020. | Sales rose 7% in 2019.
Marta Olsen sold the boat to Peter Lund in May. | Marta Olsen sold the boat to Peter Lund. | Peter Lund sold the boat to Marta Olsen.
Repairs take 2 to 6 weeks. | Repairs take 2 to 6 weeks. | Repairs take 2 weeks.
维修需要10到14个工作日。 | 维修需要10到14个工作日。 | 维修需要10个工作日。
The desk is open from 9:00 to 17:00. | The desk opens at 9:00. | The desk opens at 8:00.
The set includes a kettle, a toaster and a mixer. | The set includes a kettle, a toaster and a mixer. | The set includes a kettle, a toaster, a grill and a mixer.
本店接受现金、银行卡和礼品卡。 | 本店接受现金、银行卡和礼品卡。 | 本店接受现金、银行卡、支票和礼品卡。
The lift is to the left of the entrance. | The lift is to the left of the entrance. | The lift is to the right of the entrance.
Water prices went down in March. | Water prices went down in March. | Water prices went up in March.
A group may have at most 12 people. | A group may have at most 12 people. | A group must have at least 12 people.
每人至少预订两晚。 | 每人至少预订两晚。 | 每人最多预订两晚。
Members enter free of charge, non-members pay at the door. | Members enter free of charge. | Non-members enter free of charge.
会员可以借阅，非会员不可以借阅。 | 会员可以借阅。 | 非会员可以借阅。
Opened packets cannot be returned. | Opened packets cannot be returned. | Opened packets can be returned.
Unopened packets are refunded. | Unopened packets are refunded. | Opened packets are refunded.
All rooms have a balcony. | All rooms have a balcony. | Some rooms have a balcony.
Please pay before you enter the hall. | Please pay before you enter the hall. | Please pay after you enter the hall.
The outdoor pool is heated. | The outdoor pool is heated. | The indoor pool is heated.
展览周末开放。 | 展览周末开放。 | 展览工作日开放。
The Kestrel bridge was designed by Ida Brandt and built by the Moor company. | The Kestrel bridge was designed by Ida Brandt. | The Kestrel bridge was designed by Tom Veidt.
这座桥由林远设计，于1987年建成通车。 | 这座桥由林远设计，于1987年建成通车。 | 这座桥由周启设计，于1987年建成通车。
The valve closes at 60 degrees Celsius. | The valve closes at 60 degrees Celsius. | The valve opens at 60 degrees Celsius.
Version 2.4.1 fixes the printing error. | Version 2.4.1 fixes the printing error. | Version 2.4.7 fixes the printing error.
Use the option --depth to limit the search. | Use the option --depth to limit the search. | Use the option --width to limit the search.
门票1.2万张已售出。 | 门票12000张已售出。 | 门票1200张已售出。
三分之二的会员投了赞成票。 | 三分之二的会员投了赞成票。 | 三分之一的会员投了赞成票。
Bring your passport or your identity card. | Bring your passport or your identity card. | Bring your passport or your driving licence.
Only staff may use the rear door. | Only staff may use the rear door. | Visitors may use the rear door.
The course starts on Monday and ends on Thursday. | The course starts on Monday. | The course ends on Monday.
进口商品需缴税，出口商品免税。 | 出口商品免税。 | 进口商品免税。
The museum is not open on Mondays. | The museum isn't open on Mondays. | The museum is open on Mondays.
周一10点开门，周二12点开门。 | 周二12点开门，周一10点开门。 | 周一12点开门，周二10点开门。
The bank merged with the insurer in May. | The insurer merged with the bank in May. | The bank merged with the retailer in May.
热水管在左侧墙面。 | 热水管在左侧墙面。 | 冷水管在左侧墙面。
Ana has 20 points (Lima), Bo has 80 points (Oslo). | Bo has 80 points (Oslo). | Bo has 20 points (Oslo).
The colour of the cover is grey. | The color of the cover is grey. | The colour of the cover is blue.
The warranty runs for 24 months. | The warranty lasts two years. | The warranty lasts three years.
Parcels weigh 1.5 kg at most. | Parcels weigh 1500 g at most. | Parcels weigh 1500 kg at most.
Delivery takes between 3 and 5 days. | Delivery takes 3-5 days. | Delivery takes 3 days.
Two thirds of the members voted for the plan. | 67% of the members voted for the plan. | A third of the members voted for the plan.
订单满300减50。 | 订单满300元减50元。 | 订单满500元减50元。
发货需要3到5天。 | 发货需要三至五天。 | 发货需要三天。
期间可免费更换一次滤芯。 | 期间可免费更换1次滤芯。 | 期间可免费更换2次滤芯。
The sale runs from 20 to 30 November 2026. | The sale runs from 20 to 30 November 2026. | The sale runs from 20 to 13 November 2026.
Driver 5.10 or later is needed. | Driver 5.10 or later is needed. | Driver 5.1 or later is needed.
适用面积15到23平方米。 | 适用面积15到23平方米。 | 适用面积最多15平方米。
The deposit must not be refunded. | The deposit can't be refunded. | The deposit may be refunded.
定金不可退还。 | 定金不能退还。 | 定金可退还。
Snakes and other reptiles are not allowed. | No, snakes are not allowed. | No, snakes are allowed.
观众不得携带行李箱入场。 | 不，观众不得携带行李箱入场。 | 是的，观众可以携带行李箱入场。
Parcels up to 8 kg are taken for 5 euros. | Parcels weighing up to 8 kg are taken for 5 euros. | Parcels weighing more than 8 kg are taken for 5 euros.
Student tickets cannot be exchanged. | Student tickets can't be exchanged. | Student tickets can be exchanged.
Boats are hired out for 15 euros a day. | Boats are hired out for 15 euros per day. | Boats are hired out for 15 euros an hour.
停车费每月260元。 | 停车费260元/月。 | 停车费260元/天。
学生票享8折，老人票享75折。 | 老人票享75折。 | 学生票享75折。
大厅可坐90人，上午租金300元，全天500元。 | 大厅上午300元，全天500元。 | 大厅上午500元，全天300元。
5岁以下儿童免费，5至14岁儿童每人30元。 | 5到14岁儿童每人30元。 | 5到14岁儿童免费。
Children under 5 pay nothing, older ones pay 6 euros. | Older ones pay 6 euros. | Older ones enter for free.
Ida Brandt has led the choir since 2015. | Ida Brandt has led the choir since 2015. | Ida Brandt led the choir until 2015.
The service is no longer available in Peru. | The service is not available in Peru any more. | The service is available in Peru.
The kit contains a hammer, pliers and a saw. | The kit contains a hammer, pliers and a saw. | The kit contains a hammer, pliers, a saw and a drill.
The box includes a bracket and six screws. | The box contains a bracket and six screws. | The box includes a bracket, six screws and a wrench.
宽度60厘米，高度172厘米。 | 高度172厘米，宽度60厘米。 | 高度60厘米，宽度172厘米。
押金由买家承担，运费由商家承担。 | 押金由买家承担。 | 押金由商家承担。
The deposit is paid by the buyer, the freight is paid by the seller. | The deposit is paid by the buyer. | The deposit is paid by the seller.
设备不再支持旧版系统。 | 设备不再支持旧版系统。 | 设备支持旧版系统。
Guests must register at the desk. | Guests have to register at the desk. | Guests may register at the desk.
Not all members voted. | Not all members voted. | All members voted.
Acme Foods sued Borel Ltd over the recipe in 2011. | Borel Ltd was sued by Acme Foods over the recipe. | Borel Ltd sued Acme Foods over the recipe.
Ana and Bo scored 3 and 7 goals respectively. | Bo scored 7 goals. | Bo scored 3 goals.
甲仓和乙仓的面积分别为300平方米和500平方米。 | 乙仓的面积为500平方米。 | 乙仓的面积为300平方米。
The refund reaches you by 24:00 on 18 June, orders open at 8:00 on 1 June. | Orders open at 8:00 on 1 June. | Orders open at 9:00 on 1 June.
The battery weighs 3 kilograms and lasts 9 hours. | The battery weighs 3 kilograms. | The battery weighs 3 grams.
烘箱容量40升，预热8分钟。 | 烘箱预热8分钟。 | 烘箱预热8小时。
The hose is 12 metres long. | The hose is 12 metres long. | The hose is 12 feet long.
礼盒内有茶杯和茶托。 | 礼盒内有茶托和茶杯。 | 礼盒内有茶杯和茶匙。
本馆提供轮椅、婴儿车租借。 | 本馆提供婴儿车、轮椅租借。 | 本馆提供轮椅、雨伞租借。
下午三点前下单，次日送达。 | 下午三点前下单，次日送达。 | 下午三点前下单，当天送达。
图书馆明年将扩建二层。 | 图书馆明年将扩建二层。 | 图书馆今年将扩建二层。
The bridge is planned to open in 2031. | The bridge is planned to open in 2031. | The bridge already opened in 2031.
The lamp is sold separately from the desk. | The lamp is sold separately from the desk. | The lamp is included with the desk.
Postage is paid by the buyer unless the book is damaged. | Postage is paid by the buyer unless the book is damaged. | Postage is paid by the buyer even if the book is damaged.
押花、剪纸造成的损坏不在赔付范围内。 | 押花造成的损坏不在赔付范围内。 | 押花、剪纸造成的损坏都在赔付范围内。
--wipe erases the disk and cannot be stopped. | --wipe cannot be stopped. | --wipe can be stopped.
近处每件5元,远处每件9元。 | 远处每件9元。 | 远处每件5元。
展厅周二至周六开放。 | 展厅周三开放。 | 展厅周一开放。
The course starts in mid April. | The course starts in mid April. | The course starts in mid May.
Candles and lamps are not covered by the policy. | Candles are not covered. | Candles are covered.
报名请找教务处的韩梅老师。 | 报名请找教务处的韩梅老师。 | 报名请找教务处的韩雪老师。
书店在滨河路12号。 | 书店在滨河路12号。 | 书店在滨江路12号。
货物由远达物流运送。 | 由远达物流运送。 | 由宏图物流运送。
普洱属于黑茶，不属于绿茶。 | 普洱属于黑茶。 | 普洱属于绿茶。
EOF
jq -Rc 'split(" | ") as [$text, $true, $false] |
	($true, $false) | {answer: ., hits: [{doc: "a", $text}]}' pairs |
	"$KB_BIN/fact-check" | jq -r .route | paste -d' ' - - >routes
paste -d'|' routes pairs >both
while IFS='|' read -r routes text; do
	is "$text" "$routes" 'answer human'
done <both
is "every pair was judged" "$(wc -l <routes)" "$(wc -l <pairs)"

# The thing stands in the title: what the title says | what the source says |
# what is true, in other words | what is not.
cat >titled <<'EOF'
Kiro kettle | 1.7 litres, 1800 W, boils in 5 minutes, no thermostat. | The Kiro kettle boils in five minutes. | The Kiro kettle has a thermostat.
枫叶手环 | 售价299元，续航14天，不支持通话，重量25克，附赠表带。 | 枫叶手环的续航为两周。 | 枫叶手环支持通话。
枫叶手环 | 售价299元，续航14天，不支持通话，重量25克，附赠表带。 | 枫叶手环卖299元。 | 枫叶手环附赠表带和充电座。
Lido hall | Seats 300 to 400 people, opens at 9:00, parking is free. | The Lido hall seats between 300 and 400 people. | The Lido hall seats at most 300 people.
木屋旅馆 | 单人间每晚200元，双人间每晚350元。 | 木屋旅馆的双人间每晚350元。 | 木屋旅馆的双人间每晚200元。
EOF
jq -Rc 'split(" | ") as [$title, $text, $true, $false] |
	($true, $false) | {answer: ., hits: [{doc: "a", $title, $text}]}' titled |
	"$KB_BIN/fact-check" | jq -r .route | paste -d' ' - - >routes
paste -d'|' routes titled >both
while IFS='|' read -r routes text; do
	is "$text" "$routes" 'answer human'
done <both

# What the question adds: the question | what the source says | a true answer |
# one that is not.
cat >answers <<'EOF'
Do you lend films to visitors? | We do not lend films to visitors. | no | yes
Does the reader open old discs? | The reader opens new discs and cards; old discs are not supported. | no | yes
Does the reader open cards? | The reader opens new discs and cards; old discs are not supported. | yes | no
Do you lend films to members? | We lend films to members. | yes | no
Do you lend films to visitors? | We do not lend films to visitors. | We don't. | We do.
阅览室可以带饮料吗？ | 阅览室内不可以带饮料。 | 不可以 | 可以
Does the desk take cards? | The desk does not take cards. | No, it does not. | Yes, it does.
Does the desk take cards? | The desk takes cards. | Yes, it does. | No, it doesn't.
有无线网络吗？ | 本馆暂无无线网络。 | 没有 | 有
可以续借吗？ | 图书可以续借两次。 | 是的，可以续借。 | 是的，不可以续借。
What is the highest load of the shelf? | The shelf takes loads from 15 to 60 kg. | 60 kg | 15 kg
How much is a day ticket? | A day ticket is 9 euros and lasts 24 hours. | 9 euros | 24 hours
画展可以看多久？ | 画展门票30元，可参观3小时。 | 3小时 | 30元
Where was the organ built? | The organ was built in Lund in 1712. | Lund | 1712
谁修复了壁画？ | 2018年，何岚修复了壁画。 | 何岚 | 2018年
How long before take-off does the gate close? | The gate closes 20 minutes before take-off. | 20 minutes | 20 kg
EOF
jq -Rc 'split(" | ") as [$query, $text, $true, $false] |
	($true, $false) | {$query, answer: ., hits: [{doc: "a", $text}]}' \
	answers | "$KB_BIN/fact-check" | jq -r .route | paste -d' ' - - >routes
paste -d'|' routes answers >both
while IFS='|' read -r routes text; do
	is "$text" "$routes" 'answer human'
done <both

# One answer, true of one question: title | what the source says | the answer |
# the question | another one.
cat >questions <<'EOF'
电池回收 | 手机电池回收补贴20元，平板电池补贴30元。 | 手机电池回收补贴20元。 | 手机电池回收补贴多少？ | 手表电池回收补贴多少？
Kiro oven | The Kiro oven is 45 cm wide and 60 cm tall. | The Kiro oven is 45 cm wide. | How wide is the Kiro oven? | How deep is the Kiro oven?
枫叶音箱 | 整机功率20W，续航8小时。 | 枫叶音箱的整机功率是20W。 | 枫叶音箱的整机功率是多少？ | 枫叶音箱的待机功率是多少？
滨江公交 | 滨江二号线高峰时段每5分钟一班，票价3元。 | 滨江二号线票价3元。 | 滨江二号线票价多少？ | 滨江五号线票价多少？
展厅 | 展厅周二至周六10点开放。 | 10点 | 展厅周四几点开放？ | 展厅周日几点开放？
Fees | The lowest fee is 20 euros. | 20 euros | What is the lowest fee? | What is the highest fee?
Rest | Rest for 8 hours before the race. | 8 hours | How long must I rest before the race? | How long must I rest after the race?
Opening hours | The pool opens at 7:00. | The pool opens at 7:00. | When does the pool open? | When does the gym open?
会员 | 白金会员每月可借20本。 | 白金会员每月可借20本。 | 白金会员每月可借几本？ | 银卡会员每月可借几本？
Atlas 3 | Firmware 3.4 needs 200 MB of free space on the device before it can be installed. | Firmware 3.4 needs 200 MB of free space. | How much free space does firmware 3.4 need on the device before it can be installed? | How much free space does firmware 3.9 need on the device before it can be installed?
EOF
jq -Rc 'split(" | ") as [$title, $text, $answer, $true, $false] |
	($true, $false) |
	{query: ., $answer, hits: [{doc: "a", $title, $text}]}' questions |
	"$KB_BIN/fact-check" | jq -r .route | paste -d' ' - - >routes
paste -d'|' routes questions >both
while IFS='|' read -r routes text; do
	is "$text" "$routes" 'answer human'
done <both

# The cell of a table and the value of a line belong to their row and column:
# the question | the true cell | one of another row | of another column.
cat >cells <<'EOF'
What is the rent of the Cellar? | 90 euros | 240 euros | 25
How many seats does the Loft have? | 60 | 25 | 240 euros
阅览室的楼层是几楼？ | 三楼 | 一楼 | 80
自习室的座位数是多少？ | 120 | 80 | 一楼
EOF
table='| Room | Seats | Rent |\n|---|---|---|\n| Cellar | 25 | 90 euros |\n| Loft | 60 | 240 euros |'
lines='阅览室：楼层三楼，座位数80。\n自习室：楼层一楼，座位数120。'
jq -Rc --arg table "$(printf "$table")" --arg lines "$(printf "$lines")" '
	split(" | ") as [$query, $true, $row, $column] |
	(if $query | test("[A-Z]") then $table else $lines end) as $text |
	($true, $row, $column) | {$query, answer: .,
	hits: [{doc: "a", title: "Rooms", $text}]}' cells |
	"$KB_BIN/fact-check" | jq -r .route | paste -d' ' - - - >routes
paste -d'|' routes cells >both
while IFS='|' read -r routes text; do
	is "$text" "$routes" 'answer human human'
done <both

# What another thing has is no support: the 20 W charger's cable is not that of
# the one of 40 W.
printf '%s\n' '{"query":"40W充电器带线吗？","answer":"40W充电器附赠充电线。",
"hits":[{"doc":"a","title":"40W充电器","text":"折叠插脚，不含充电线。"},
{"doc":"b","title":"20W充电器","text":"固定插脚，附赠充电线一根。"}]}' |
	jq -c . | "$KB_BIN/fact-check" >sister
is "what a sister has is no support" "$(jq -r .route sister)" human
finish
