#!/bin/sh
# The spelling correction on the sample shop: what is right stays as it is,
# what is wrong gets an offer.
. "$(dirname "$0")/../lib.sh"
need kb-search
need kb-index
need jq

shop=$ROOT/tests/data/shop
[ -d "$shop" ] || skip_all "no sample shop"
kb-index shop.kb "$shop" 2> /dev/null

# Question, tab, correction: for those that have one.
corrected() { kb-search --format=json -k 1 "$@" |
	jq -r 'select(.retrieval.corrected) |
		"\(.query)\t\(.retrieval.corrected)"'; }
top() { kb-search --format=json -k 1 "$@" | jq -c '[.id, .hits[0].chunk]'; }

# Everyday English, names and codes that the shop knows nothing of, Chinese.
cat > right <<'END'
When will my parcel arrive?
My laptop cannot allocate enough memory
disk quota exceeded while saving my profile
Does the warranty cover a cracked screen?
How much do you charge for gift wrapping?
Can I pay with a cheque or by bank transfer?
Which of your kettles is the quietest?
Is there a loyalty scheme for teachers?
What happens if the courier loses my package?
The remote stopped working after a fortnight
Do you stock replacement bulbs for this lamp?
I was double-billed for my last purchase
Could someone ring me back this afternoon?
My neighbour took delivery but denies it
Are your cables halogen-free?
How loud is the dishwasher on its eco setting?
May I collect it myself from the depot?
The colour looks paler than on the website
Will the shelf bear the weight of a microwave?
Where can I recycle worn batteries?
My toddler swallowed a button cell, whom do I call?
Is the vacuum suitable for parquet floors?
Please cancel the whole thing, I changed my mind
Why was my voucher rejected at the till?
Does the heater trip the fuse?
I'd like to upgrade to the larger fridge
The hinges squeak and the drawer sticks
Can the invoice be made out to my employer?
Has the price dropped since last month?
Do students get anything off?
The app crashes whenever I open the basket
Who installs the washing machine?
Is express shipping available in Norway?
Someone hacked my account, what should I do?
How long does the glue take to dry?
My granddaughter wants a pink scooter
Does the blender crush ice?
The manual is only in Portuguese
Which adapter fits a British socket?
Was the toaster tested for safety?
Does Schmitt or Dvorak deliver to Tromso?
Can Knausgaard and Bjornson share one account?
Is the Zephyros better than the Qinghai model?
Do you sell anything by Rowenta, Krups or Smeg?
Will the XJ-4471b fit my WMF-Kult?
What does "delivrey" mean on this page?
Where is 'refnud' written on the label?
快递大概几天能到家？
我想把地址改成公司，可以吗？
洗衣机漏水了找谁修？
孩子把遥控器弄丢了，能单独买一个吗？
这款耳机可以连两台手机吗？
双十一有没有优惠券？
电饭煲的内胆掉漆了怎么办
门铃不响，是不是没电了？
能不能用支付宝分期付款？
我的积分为什么清零了？
包裹被邻居代收了
空调遥控器失灵
客服电话打不通
扫地机器人会不会爬楼梯
帮我查一下昨天下的单子
我的iPhone连不上wifi怎么办
Galaxy手机可以用这个charger吗
请问Bluetooth音箱支持防水吗？
想买一台MacBook，有student优惠吗？
END
is "there are enough right questions" "$(($(wc -l < right) >= 60))" 1
is "none of them gets a correction" "$(corrected shop.kb < right)" ""
top shop.kb < right > with
top --no-spelling shop.kb < right > without
ok "... nor another first passage" cmp with without

# One error each, and what was meant: words as they stand in the documents,
# never a stem, in the case they were asked in.
tr '|' '\t' > wrong << 'END'
How do I unsubscirbe from your mails?|How do I unsubscribe from your mails?
Which authentcator app can I use?|Which authenticator app can I use?
Can I return headphoness?|Can I return headphones?
Is the parcle insured?|Is the parcel insured?
Where is my delivrey?|Where is my delivery?
Delivrey to Singapore?|Delivery to Singapore?
DELIVREY TO THE ROUTER|DELIVERY TO THE ROUTER
What is the restokcing fee?|What is the restocking fee?
Do I get a refnud?|Do I get a refund?
How do I pair the bluetoth speaker?|How do I pair the bluetooth speaker?
Is the case watterproof?|Is the case waterproof?
Do you charge custums?|Do you charge customs?
Do you sell an ultrawdie monitor?|Do you sell an ultrawide monitor?
How long is the warrranty?|How long is the warranty?
My acount is locked|My account is locked
Is there a discuont for students?|Is there a discount for students?
Where is the warehuose?|Where is the warehouse?
How do I reset the roouter?|How do I reset the router?
Is the screen protecter in the bundel?|Is the screen protecter in the bundle?
What is the microphnoe like?|What is the microphone like?
How many membrship points do I have?|How many membership points do I have?
怎么开电子发飘|怎么开电子发票
END
cut -f 1 wrong | corrected shop.kb > got
ok "what is wrong gets an offer, with whole words" cmp wrong got
cut -f 1 wrong | corrected --no-spelling shop.kb > got
is "and none when asked not to" "$(cat got)" ""

# A word that is none is put right; a word so like it that is one is not.
for pair in parcle:parcels will:bill delvery:livery refumd:refined \
	battrey:buttery routr:rooter accuont:amount custms:costumes \
	headphnoes:gramophones warrantey:warranted; do
	corrected shop.kb "the ${pair%:*} here" > false
	corrected shop.kb "the ${pair#*:} here" > true
	is "${pair#*:} is as it should be" "$(cat true)" ""
	[ "$pair" = will:bill ] ||
		ok "... and ${pair%:*} is not" test -s false
done

# What is offered is searched beside the word: it finds, and it is said.
top shop.kb 'refnud after how many days' > with
top shop.kb 'refund after how many days' > meant
ok "what was meant finds the same" cmp with meant
is "people see an offer" "$(kb-search --format=text shop.kb refnud | head -1)" \
	"searched for, too: refund"

# A stem is no word: inventori and annot are none, whoever holds their forms.
for i in 1 2 3 4; do
	echo "{\"id\":\"v$i\",\"text\":\"Inventories $i. The inventory is annotated.\"}"
	echo "{\"id\":\"d$i\",\"text\":\"Les livraisons $i partent lundi.\"}"
	echo "{\"id\":\"n$i\",\"text\":\"Professor Johnstone $i of Halifax.\"}"
done | kb-index words.kb - 2> /dev/null
is "a form, never a stem" "$(corrected words.kb 'the inventoryy' | cut -f 2)" \
	"the inventory"
is "a word with one more letter is another" \
	"$(corrected words.kb 'the inventoryx')" ""
is "cannot is no annotation" "$(corrected words.kb 'we cannot allocate')" ""
is "another ending is no error" "$(corrected words.kb 'une livraison')" ""
is "nor is a short word" "$(corrected words.kb 'des livraisons lundo ou mundi')" \
	""
is "a name is not bent" "$(corrected words.kb 'was Johnston in Leeds')" ""
is "nor in quotes" "$(corrected words.kb 'the "inventoryy" of it all is it.')" ""
is "nor an abbreviation" "$(corrected words.kb 'what is an HALIFAC here')" ""

# A question of any length takes time that grows with it: 100,000 words, none
# known, among quotes that never close.
awk 'BEGIN { printf "{\"id\":1,\"query\":\""
	for (i = 0; i < 100000; i++)
		printf "“qz%c%c%c%c ", 97 + i % 26, 97 + i / 26 % 26,
			97 + i / 676 % 26, 97 + i / 17576 % 26
	printf "\"}\n" }' > long
ok "a long question takes no long time" \
	sh -c 'ulimit -t 5 && kb-search --format=json shop.kb -f long > out'
is "and is answered" "$(jq .retrieval.confidence out)" 0
finish
