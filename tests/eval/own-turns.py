#!/usr/bin/env python3
"""Turns of users of several trades with what they want, for a model of
text-classify; written for this project, Chinese and English.

usage: own-turns.py | text-classify train -o own.tc

Each sentence is printed ten times with other words in its places, some behind a
greeting, most behind the name of what was wanted before, as ctx-compress --intents
asks a model. tests/eval/intents.py says what such a model is worth on dialogues
that it knows nothing of.
"""
import json
import random
import re

TURNS = {
    "餐馆": [
        "帮我找一家{a}的餐馆", "想吃{f}，有推荐的吗", "这家店人均消费多少",
        "有什么推荐菜", "附近有没有{a}的饭店", "我想找个地方吃{f}",
        "这家餐厅评分多少", "晚饭想吃{f}，找家馆子", "他家招牌菜是什么",
        "餐厅营业到几点", "有没有卖{f}的店", "吃完逛的累了，想找个地方吃饭",
        "推荐一家{f}馆", "这家餐馆电话是多少", "人均{n}元左右的餐馆"],
    "酒店": [
        "帮我订一家{a}的酒店", "想住{h}，有吗", "房价多少一晚",
        "酒店有没有{s}", "晚上住哪里，推荐个宾馆", "找一家评分{n}分的酒店",
        "这家酒店提供{s}吗", "入住需要什么", "有没有能住的地方，要{s}",
        "价格在{n}元的{h}", "酒店的地址和电话", "还想找家酒店住宿",
        "这家宾馆怎么样", "想预订{h}", "标准间还有吗"],
    "景点": [
        "推荐一个{a}的景点", "门票多少钱", "想去{p}玩", "游玩时间多久",
        "有什么好玩的地方", "我想去逛逛{p}", "{p}开放时间是几点",
        "找个免费的景点", "周边还有什么景点", "景点地址在哪",
        "适合带孩子玩的地方", "评分{n}分以上的景点", "游玩{n}小时的地方",
        "想参观{p}", "下午去哪里游玩好"],
    "出行": [
        "怎么坐地铁过去", "帮我叫辆出租车", "最近的地铁站是哪个",
        "从这里打车去{p}", "坐几号线", "叫一辆车去{p}",
        "出租车的车牌号是多少", "地铁从哪个口出", "怎么过去方便",
        "打车要多久", "给我派一辆车", "我想乘地铁到{p}"],
    "订单": [
        "我的订单什么时候发货", "帮我取消订单", "快递到哪了", "修改收货地址",
        "物流显示签收但没收到", "能不能加急发货", "订单号{n}查一下",
        "包裹丢了怎么办", "改一下电话"],
    "退款": [
        "我要退货", "退款多久到账", "怎么申请退款", "不想要了可以退吗",
        "换一件大号的", "七天无理由退货吗", "退货运费谁出", "退到信用卡"],
    "维修": [
        "机器坏了怎么修", "开不了机", "屏幕碎了保修吗", "连不上网",
        "预约上门维修", "保修期多久", "空调不制冷", "路由器红灯"],
    "支付": [
        "怎么开发票", "可以分期吗", "优惠券怎么用", "支持微信支付吗",
        "积分怎么兑换", "礼品卡余额", "会员怎么升级"],
    "restaurant": [
        "find me a {a} restaurant", "I want to eat {fe}",
        "book a table for {n}", "what is the average price",
        "any good place to eat nearby", "does it serve {fe}",
        "what's the rating of the restaurant", "reserve dinner at 7 pm"],
    "hotel": [
        "book a room for {n} nights", "find a {a} hotel",
        "is there free wifi", "how much per night", "does it have parking",
        "a hotel with a pool", "check in tomorrow", "where can I stay"],
    "travel": [
        "what attractions are there", "is the museum free",
        "I want to visit {pe}", "opening hours of {pe}",
        "things to do in town", "sights for kids", "how much is the ticket"],
    "ride": [
        "get me a taxi to {pe}", "how do I get there by subway",
        "book a ride", "a cab for {n}", "which bus goes to {pe}",
        "find a train to {pe}", "rent a car"],
    "flight": [
        "book a flight to {pe}", "a one way ticket",
        "return flight on Monday", "economy class please", "which airline"],
    "music": [
        "play some music", "I want to listen to a song", "find a concert",
        "play the album", "a movie to watch", "buy tickets for the film"],
    "bank": [
        "check my balance", "transfer {n} dollars", "pay my bill",
        "my credit card is lost"],
    "order": [
        "where is my order", "cancel my order", "I want a refund",
        "return the item", "my parcel is lost"],
}
PLACES = {
    "a": [
        "便宜", "评分高", "安静", "离我近", "干净", "热门", "高档"],
    "f": [
        "火锅", "烤鸭", "面条", "川菜", "海鲜", "小吃", "饺子", "日料",
        "烧烤"],
    "h": [
        "经济型酒店", "五星级酒店", "豪华宾馆", "民宿", "快捷酒店"],
    "s": [
        "停车场", "无线网络", "早餐", "叫醒服务", "健身房", "接机服务",
        "吹风机"],
    "p": [
        "博物馆", "公园", "古镇", "长城", "动物园", "故宫", "广场", "寺庙",
        "大学"],
    "n": [
        "2", "3", "4.5", "100", "300", "500"],
    "fe": [
        "noodles", "pizza", "sushi", "seafood"],
    "pe": [
        "the museum", "the airport", "downtown", "London"],
}
PLACES_EN = {"a": ["cheap", "quiet", "nearby", "nice"]}
OPENERS = ["好的，", "谢谢，", "嗯，", "行，那", "请问", "你好，"]
OPENERS_EN = ["ok, ", "thanks, ", "hi, ", "please "]
TIMES = 10


def main():
    rng = random.Random(3)
    rows = []
    for label, sentences in TURNS.items():
        english = label.isascii()
        places = PLACES | (PLACES_EN if english else {})
        others = [t for t in TURNS if t != label]
        for sentence in sentences * TIMES:
            text = re.sub(r"\{(\w+)\}", lambda m: rng.choice(places[m[1]]),
                          sentence)
            if rng.random() < .3:
                text = rng.choice(OPENERS_EN if english else OPENERS) + text
            before = rng.choice([label, label, rng.choice(others), ""])
            rows.append({"text": (before + " " + text).strip(),
                         "label": label})
    rng.shuffle(rows)
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))


main()
