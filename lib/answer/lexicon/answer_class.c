#include "answer/lexicon/answer_class.h"

#include "base/ascii.h"
#include "text/literals.h"

enum { /* classes; 0 is none */
       NONE,
       COLOUR,
       MATERIAL,
       LANGUAGE,
       SYSTEM,
       CONNECTOR,
       SHAPE,
       FLAVOUR,
       PAYMENT,
       CURRENCY,
       BROWSER,
       WEEKDAY,
       FORMAT,
       PATTERN,
       CODE,
       MAIL,
       SITE,
       NETWORK
};

/* clang-format off */
struct row {
	const char *text;
	int class;
};

/* What the classes are called, */
static const struct row names[] = {
    {"颜色", COLOUR}, {"色彩", COLOUR}, {"配色", COLOUR}, {"colour", COLOUR},
    {"colours", COLOUR}, {"color", COLOUR}, {"colors", COLOUR},
    {"材质", MATERIAL}, {"面料", MATERIAL}, {"material", MATERIAL},
    {"fabric", MATERIAL}, {"fabrics", MATERIAL}, {"语言", LANGUAGE},
    {"语种", LANGUAGE}, {"language", LANGUAGE}, {"languages", LANGUAGE},
    {"系统", SYSTEM}, {"操作系统", SYSTEM}, {"平台", SYSTEM},
    {"platforms", SYSTEM}, {"os", SYSTEM}, {"operating systems", SYSTEM},
    {"operating system", SYSTEM}, {"接口", CONNECTOR}, {"插头", CONNECTOR},
    {"接头", CONNECTOR}, {"connector", CONNECTOR}, {"connectors", CONNECTOR},
    {"port", CONNECTOR}, {"ports", CONNECTOR}, {"plug", CONNECTOR},
    {"形状", SHAPE}, {"shape", SHAPE}, {"shapes", SHAPE}, {"口味", FLAVOUR},
    {"flavour", FLAVOUR}, {"flavours", FLAVOUR}, {"flavor", FLAVOUR},
    {"flavors", FLAVOUR}, {"付款方式", PAYMENT}, {"支付方式", PAYMENT},
    {"means of payment", PAYMENT}, {"payment methods", PAYMENT},
    {"payment options", PAYMENT}, {"payment method", PAYMENT},
    {"payment option", PAYMENT}, {"货币", CURRENCY}, {"币种", CURRENCY},
    {"currency", CURRENCY}, {"currencies", CURRENCY}, {"浏览器", BROWSER},
    {"browser", BROWSER}, {"browsers", BROWSER}, {"星期几", WEEKDAY},
    {"周几", WEEKDAY}, {"weekday", WEEKDAY}, {"weekdays", WEEKDAY},
    {"day", WEEKDAY}, {"days", WEEKDAY}, {"格式", FORMAT}, {"文件格式", FORMAT},
    {"format", FORMAT}, {"formats", FORMAT}, {"file formats", FORMAT},
    {"file format", FORMAT}, {"file types", FORMAT}, {"file type", FORMAT},
    {"图案", PATTERN}, {"花纹", PATTERN}, {"花色", PATTERN},
    {"pattern", PATTERN}, {"patterns", PATTERN}, {"型号", CODE}, {"货号", CODE},
    {"编号", CODE}, {"单号", CODE}, {"号码", CODE}, {"电话", CODE},
    {"热线", CODE}, {"邮编", CODE}, {"端口号", CODE}, {"postcode", CODE},
    {"hotline", CODE}, {"telephone number", CODE}, {"serial number", CODE},
    {"phone number", CODE}, {"order number", CODE}, {"model number", CODE},
    {"part number", CODE}, {"zip code", CODE}, {"邮箱", MAIL},
    {"电子邮箱", MAIL}, {"邮件地址", MAIL}, {"email", MAIL},
    {"e-mail address", MAIL}, {"email address", MAIL}, {"网址", SITE},
    {"网站", SITE}, {"website", SITE}, {"url", SITE}, {"web address", SITE},
    {"网络制式", NETWORK}, {"无线标准", NETWORK}, {"频段", NETWORK},
    {"wireless standard", NETWORK}, {"frequency bands", NETWORK},
    {"frequency band", NETWORK}, {"wi-fi standard", NETWORK}
};

/* and what is of them. */
static const struct row members[] = {
    {"黑", COLOUR}, {"白", COLOUR}, {"红", COLOUR}, {"蓝", COLOUR},
    {"绿", COLOUR}, {"黄", COLOUR}, {"灰", COLOUR}, {"银", COLOUR},
    {"金", COLOUR}, {"粉", COLOUR}, {"紫", COLOUR}, {"橙", COLOUR},
    {"棕", COLOUR}, {"褐", COLOUR}, {"咖", COLOUR}, {"米色", COLOUR},
    {"青", COLOUR}, {"透明", COLOUR}, {"彩", COLOUR}, {"色", COLOUR},
    {"black", COLOUR}, {"white", COLOUR}, {"red", COLOUR}, {"blue", COLOUR},
    {"green", COLOUR}, {"yellow", COLOUR}, {"grey", COLOUR}, {"gray", COLOUR},
    {"silver", COLOUR}, {"gold", COLOUR}, {"golden", COLOUR}, {"pink", COLOUR},
    {"purple", COLOUR}, {"orange", COLOUR}, {"brown", COLOUR},
    {"beige", COLOUR}, {"cream", COLOUR}, {"navy", COLOUR}, {"teal", COLOUR},
    {"turquoise", COLOUR}, {"violet", COLOUR}, {"ivory", COLOUR},
    {"khaki", COLOUR}, {"graphite", COLOUR}, {"bronze", COLOUR},
    {"copper", COLOUR}, {"charcoal", COLOUR}, {"rose", COLOUR},
    {"mint", COLOUR}, {"lavender", COLOUR}, {"maroon", COLOUR},
    {"burgundy", COLOUR}, {"lilac", COLOUR}, {"olive", COLOUR},
    {"cyan", COLOUR}, {"magenta", COLOUR}, {"amber", COLOUR},
    {"champagne", COLOUR}, {"transparent", COLOUR}, {"clear", COLOUR},
    {"natural", COLOUR}, {"midnight", COLOUR}, {"starlight", COLOUR},
    {"sand", COLOUR}, {"coral", COLOUR}, {"indigo", COLOUR},
    {"crimson", COLOUR}, {"scarlet", COLOUR}, {"tan", COLOUR},
    {"peach", COLOUR}, {"铝", MATERIAL}, {"钢", MATERIAL}, {"铁", MATERIAL},
    {"木", MATERIAL}, {"竹", MATERIAL}, {"塑料", MATERIAL}, {"玻璃", MATERIAL},
    {"皮", MATERIAL}, {"棉", MATERIAL}, {"羊毛", MATERIAL}, {"丝", MATERIAL},
    {"尼龙", MATERIAL}, {"涤纶", MATERIAL}, {"聚酯", MATERIAL},
    {"橡胶", MATERIAL}, {"硅胶", MATERIAL}, {"陶瓷", MATERIAL},
    {"钛", MATERIAL}, {"碳", MATERIAL}, {"铜", MATERIAL}, {"石", MATERIAL},
    {"纸", MATERIAL}, {"麻", MATERIAL}, {"布", MATERIAL}, {"合金", MATERIAL},
    {"金属", MATERIAL}, {"亚克力", MATERIAL}, {"乳胶", MATERIAL},
    {"绒", MATERIAL}, {"瓷", MATERIAL}, {"藤", MATERIAL}, {"树脂", MATERIAL},
    {"海绵", MATERIAL}, {"abs", MATERIAL}, {"pc", MATERIAL}, {"pbt", MATERIAL},
    {"pvc", MATERIAL}, {"tpu", MATERIAL}, {"tpe", MATERIAL}, {"pom", MATERIAL},
    {"pet", MATERIAL}, {"aluminium", MATERIAL}, {"aluminum", MATERIAL},
    {"steel", MATERIAL}, {"iron", MATERIAL}, {"wood", MATERIAL},
    {"wooden", MATERIAL}, {"oak", MATERIAL}, {"pine", MATERIAL},
    {"beech", MATERIAL}, {"walnut", MATERIAL}, {"bamboo", MATERIAL},
    {"plastic", MATERIAL}, {"glass", MATERIAL}, {"leather", MATERIAL},
    {"cotton", MATERIAL}, {"wool", MATERIAL}, {"silk", MATERIAL},
    {"nylon", MATERIAL}, {"polyester", MATERIAL}, {"rubber", MATERIAL},
    {"silicone", MATERIAL}, {"ceramic", MATERIAL}, {"titanium", MATERIAL},
    {"carbon", MATERIAL}, {"copper", MATERIAL}, {"brass", MATERIAL},
    {"bronze", MATERIAL}, {"stone", MATERIAL}, {"marble", MATERIAL},
    {"granite", MATERIAL}, {"paper", MATERIAL}, {"cardboard", MATERIAL},
    {"linen", MATERIAL}, {"fabric", MATERIAL}, {"canvas", MATERIAL},
    {"cork", MATERIAL}, {"metal", MATERIAL}, {"alloy", MATERIAL},
    {"magnesium", MATERIAL}, {"velvet", MATERIAL}, {"acrylic", MATERIAL},
    {"polycarbonate", MATERIAL}, {"porcelain", MATERIAL}, {"foam", MATERIAL},
    {"latex", MATERIAL}, {"cashmere", MATERIAL}, {"denim", MATERIAL},
    {"felt", MATERIAL}, {"fleece", MATERIAL}, {"concrete", MATERIAL},
    {"clay", MATERIAL}, {"gold", MATERIAL}, {"silver", MATERIAL},
    {"platinum", MATERIAL}, {"rattan", MATERIAL}, {"resin", MATERIAL},
    {"zinc", MATERIAL}, {"tin", MATERIAL}, {"polypropylene", MATERIAL},
    {"microfibre", MATERIAL}, {"microfiber", MATERIAL}, {"mesh", MATERIAL},
    {"suede", MATERIAL}, {"中文", LANGUAGE}, {"英文", LANGUAGE},
    {"日文", LANGUAGE}, {"韩文", LANGUAGE}, {"法文", LANGUAGE},
    {"德文", LANGUAGE}, {"俄文", LANGUAGE}, {"外文", LANGUAGE},
    {"汉语", LANGUAGE}, {"英语", LANGUAGE}, {"日语", LANGUAGE},
    {"韩语", LANGUAGE}, {"法语", LANGUAGE}, {"德语", LANGUAGE},
    {"俄语", LANGUAGE}, {"西班牙语", LANGUAGE}, {"葡萄牙语", LANGUAGE},
    {"意大利语", LANGUAGE}, {"阿拉伯语", LANGUAGE}, {"粤语", LANGUAGE},
    {"普通话", LANGUAGE}, {"国语", LANGUAGE}, {"方言", LANGUAGE},
    {"双语", LANGUAGE}, {"泰语", LANGUAGE}, {"越南语", LANGUAGE},
    {"english", LANGUAGE}, {"chinese", LANGUAGE}, {"mandarin", LANGUAGE},
    {"cantonese", LANGUAGE}, {"french", LANGUAGE}, {"german", LANGUAGE},
    {"spanish", LANGUAGE}, {"italian", LANGUAGE}, {"portuguese", LANGUAGE},
    {"russian", LANGUAGE}, {"japanese", LANGUAGE}, {"korean", LANGUAGE},
    {"arabic", LANGUAGE}, {"dutch", LANGUAGE}, {"polish", LANGUAGE},
    {"swedish", LANGUAGE}, {"turkish", LANGUAGE}, {"hindi", LANGUAGE},
    {"latin", LANGUAGE}, {"greek", LANGUAGE}, {"thai", LANGUAGE},
    {"vietnamese", LANGUAGE}, {"danish", LANGUAGE}, {"norwegian", LANGUAGE},
    {"finnish", LANGUAGE}, {"czech", LANGUAGE}, {"hungarian", LANGUAGE},
    {"romanian", LANGUAGE}, {"ukrainian", LANGUAGE}, {"hebrew", LANGUAGE},
    {"welsh", LANGUAGE}, {"irish", LANGUAGE}, {"catalan", LANGUAGE},
    {"malay", LANGUAGE}, {"indonesian", LANGUAGE}, {"安卓", SYSTEM},
    {"苹果", SYSTEM}, {"鸿蒙", SYSTEM}, {"统信", SYSTEM}, {"麒麟", SYSTEM},
    {"windows", SYSTEM}, {"linux", SYSTEM}, {"macos", SYSTEM}, {"mac", SYSTEM},
    {"android", SYSTEM}, {"ios", SYSTEM}, {"ipados", SYSTEM},
    {"watchos", SYSTEM}, {"harmonyos", SYSTEM}, {"chromeos", SYSTEM},
    {"ubuntu", SYSTEM}, {"debian", SYSTEM}, {"fedora", SYSTEM},
    {"unix", SYSTEM}, {"freebsd", SYSTEM}, {"switch", SYSTEM}, {"pc", SYSTEM},
    {"xbox", SYSTEM}, {"playstation", SYSTEM}, {"ps4", SYSTEM}, {"ps5", SYSTEM},
    {"steam", SYSTEM}, {"web", SYSTEM}, {"网口", CONNECTOR},
    {"耳机孔", CONNECTOR}, {"串口", CONNECTOR}, {"usb", CONNECTOR},
    {"usb-c", CONNECTOR}, {"usb-a", CONNECTOR}, {"type-c", CONNECTOR},
    {"lightning", CONNECTOR}, {"hdmi", CONNECTOR}, {"displayport", CONNECTOR},
    {"thunderbolt", CONNECTOR}, {"jack", CONNECTOR}, {"ethernet", CONNECTOR},
    {"rj45", CONNECTOR}, {"sata", CONNECTOR}, {"pcie", CONNECTOR},
    {"vga", CONNECTOR}, {"dvi", CONNECTOR}, {"micro-usb", CONNECTOR},
    {"aux", CONNECTOR}, {"optical", CONNECTOR}, {"xlr", CONNECTOR},
    {"sd", CONNECTOR}, {"microsd", CONNECTOR}, {"圆", SHAPE}, {"方", SHAPE},
    {"三角", SHAPE}, {"椭圆", SHAPE}, {"长条", SHAPE}, {"圆柱", SHAPE},
    {"球", SHAPE}, {"心形", SHAPE}, {"round", SHAPE}, {"square", SHAPE},
    {"rectangular", SHAPE}, {"rectangle", SHAPE}, {"oval", SHAPE},
    {"circle", SHAPE}, {"circular", SHAPE}, {"triangle", SHAPE},
    {"triangular", SHAPE}, {"cylinder", SHAPE}, {"cylindrical", SHAPE},
    {"spherical", SHAPE}, {"sphere", SHAPE}, {"flat", SHAPE}, {"heart", SHAPE},
    {"star", SHAPE}, {"cube", SHAPE}, {"conical", SHAPE}, {"味", FLAVOUR},
    {"原味", FLAVOUR}, {"甜", FLAVOUR}, {"咸", FLAVOUR}, {"辣", FLAVOUR},
    {"酸", FLAVOUR}, {"vanilla", FLAVOUR}, {"chocolate", FLAVOUR},
    {"strawberry", FLAVOUR}, {"mint", FLAVOUR}, {"lemon", FLAVOUR},
    {"orange", FLAVOUR}, {"apple", FLAVOUR}, {"mango", FLAVOUR},
    {"peach", FLAVOUR}, {"coffee", FLAVOUR}, {"salted", FLAVOUR},
    {"caramel", FLAVOUR}, {"plain", FLAVOUR}, {"sweet", FLAVOUR},
    {"spicy", FLAVOUR}, {"sour", FLAVOUR}, {"cherry", FLAVOUR},
    {"raspberry", FLAVOUR}, {"blueberry", FLAVOUR}, {"lime", FLAVOUR},
    {"ginger", FLAVOUR}, {"cinnamon", FLAVOUR}, {"honey", FLAVOUR},
    {"coconut", FLAVOUR}, {"banana", FLAVOUR}, {"hazelnut", FLAVOUR},
    {"original", FLAVOUR}, {"支付宝", PAYMENT}, {"微信", PAYMENT},
    {"银联", PAYMENT}, {"信用卡", PAYMENT}, {"借记卡", PAYMENT},
    {"银行卡", PAYMENT}, {"现金", PAYMENT}, {"花呗", PAYMENT},
    {"白条", PAYMENT}, {"云闪付", PAYMENT}, {"数字人民币", PAYMENT},
    {"转账", PAYMENT}, {"货到付款", PAYMENT}, {"礼品卡", PAYMENT},
    {"visa", PAYMENT}, {"mastercard", PAYMENT}, {"paypal", PAYMENT},
    {"cash", PAYMENT}, {"card", PAYMENT}, {"cards", PAYMENT},
    {"credit", PAYMENT}, {"debit", PAYMENT}, {"invoice", PAYMENT},
    {"cheque", PAYMENT}, {"check", PAYMENT}, {"transfer", PAYMENT},
    {"alipay", PAYMENT}, {"wechat", PAYMENT}, {"voucher", PAYMENT},
    {"vouchers", PAYMENT}, {"bank transfer", PAYMENT}, {"google pay", PAYMENT},
    {"apple pay", PAYMENT}, {"元", CURRENCY}, {"币", CURRENCY},
    {"美金", CURRENCY}, {"英镑", CURRENCY}, {"卢布", CURRENCY},
    {"dollar", CURRENCY}, {"dollars", CURRENCY}, {"euro", CURRENCY},
    {"euros", CURRENCY}, {"pound", CURRENCY}, {"pounds", CURRENCY},
    {"yen", CURRENCY}, {"yuan", CURRENCY}, {"won", CURRENCY},
    {"franc", CURRENCY}, {"francs", CURRENCY}, {"rupee", CURRENCY},
    {"rupees", CURRENCY}, {"krone", CURRENCY}, {"kroner", CURRENCY},
    {"peso", CURRENCY}, {"pesos", CURRENCY}, {"usd", CURRENCY},
    {"eur", CURRENCY}, {"gbp", CURRENCY}, {"jpy", CURRENCY}, {"cny", CURRENCY},
    {"chf", CURRENCY}, {"谷歌", BROWSER}, {"火狐", BROWSER},
    {"chrome", BROWSER}, {"firefox", BROWSER}, {"safari", BROWSER},
    {"edge", BROWSER}, {"opera", BROWSER}, {"chromium", BROWSER},
    {"brave", BROWSER}, {"周一", WEEKDAY}, {"周二", WEEKDAY}, {"周三", WEEKDAY},
    {"周四", WEEKDAY}, {"周五", WEEKDAY}, {"周六", WEEKDAY}, {"周日", WEEKDAY},
    {"周末", WEEKDAY}, {"星期", WEEKDAY}, {"工作日", WEEKDAY},
    {"每天", WEEKDAY}, {"每日", WEEKDAY}, {"节假日", WEEKDAY},
    {"平日", WEEKDAY}, {"日", WEEKDAY}, {"号", WEEKDAY}, {"monday", WEEKDAY},
    {"mondays", WEEKDAY}, {"tuesday", WEEKDAY}, {"tuesdays", WEEKDAY},
    {"wednesday", WEEKDAY}, {"wednesdays", WEEKDAY}, {"thursday", WEEKDAY},
    {"thursdays", WEEKDAY}, {"friday", WEEKDAY}, {"fridays", WEEKDAY},
    {"saturday", WEEKDAY}, {"saturdays", WEEKDAY}, {"sunday", WEEKDAY},
    {"sundays", WEEKDAY}, {"weekday", WEEKDAY}, {"weekdays", WEEKDAY},
    {"weekend", WEEKDAY}, {"weekends", WEEKDAY}, {"daily", WEEKDAY},
    {"holiday", WEEKDAY}, {"holidays", WEEKDAY}, {"january", WEEKDAY},
    {"february", WEEKDAY}, {"march", WEEKDAY}, {"april", WEEKDAY},
    {"may", WEEKDAY}, {"june", WEEKDAY}, {"july", WEEKDAY}, {"august", WEEKDAY},
    {"september", WEEKDAY}, {"october", WEEKDAY}, {"november", WEEKDAY},
    {"december", WEEKDAY}, {"today", WEEKDAY}, {"tomorrow", WEEKDAY},
    {"yesterday", WEEKDAY}, {"every day", WEEKDAY}, {"文本", FORMAT},
    {"表格", FORMAT}, {"图片", FORMAT}, {"pdf", FORMAT}, {"doc", FORMAT},
    {"docx", FORMAT}, {"xls", FORMAT}, {"xlsx", FORMAT}, {"csv", FORMAT},
    {"tsv", FORMAT}, {"json", FORMAT}, {"xml", FORMAT}, {"html", FORMAT},
    {"txt", FORMAT}, {"text", FORMAT}, {"md", FORMAT}, {"markdown", FORMAT},
    {"png", FORMAT}, {"jpg", FORMAT}, {"jpeg", FORMAT}, {"gif", FORMAT},
    {"svg", FORMAT}, {"webp", FORMAT}, {"tiff", FORMAT}, {"bmp", FORMAT},
    {"heic", FORMAT}, {"raw", FORMAT}, {"mp3", FORMAT}, {"mp4", FORMAT},
    {"wav", FORMAT}, {"flac", FORMAT}, {"aac", FORMAT}, {"ogg", FORMAT},
    {"avi", FORMAT}, {"mov", FORMAT}, {"mkv", FORMAT}, {"zip", FORMAT},
    {"gz", FORMAT}, {"tar", FORMAT}, {"epub", FORMAT}, {"odt", FORMAT},
    {"rtf", FORMAT}, {"yaml", FORMAT}, {"条纹", PATTERN}, {"格子", PATTERN},
    {"格纹", PATTERN}, {"碎花", PATTERN}, {"波点", PATTERN}, {"圆点", PATTERN},
    {"纯色", PATTERN}, {"迷彩", PATTERN}, {"印花", PATTERN}, {"花卉", PATTERN},
    {"动物", PATTERN}, {"几何", PATTERN}, {"卡通", PATTERN}, {"豹纹", PATTERN},
    {"素色", PATTERN}, {"striped", PATTERN}, {"stripes", PATTERN},
    {"stripe", PATTERN}, {"checked", PATTERN}, {"checks", PATTERN},
    {"check", PATTERN}, {"plaid", PATTERN}, {"tartan", PATTERN},
    {"floral", PATTERN}, {"flower", PATTERN}, {"flowers", PATTERN},
    {"dotted", PATTERN}, {"dots", PATTERN}, {"plain", PATTERN},
    {"geometric", PATTERN}, {"leopard", PATTERN}, {"camouflage", PATTERN},
    {"paisley", PATTERN}, {"houndstooth", PATTERN}, {"marbled", PATTERN},
    {"solid", PATTERN}, {"wi-fi", NETWORK}, {"wifi", NETWORK},
    {"802.11", NETWORK}, {"2.4", NETWORK}, {"5g", NETWORK}, {"4g", NETWORK},
    {"lte", NETWORK}, {"3g", NETWORK}, {"nfc", NETWORK}, {"ghz", NETWORK},
    {"mhz", NETWORK}, {"兆赫", NETWORK}, {"吉赫", NETWORK}
};
/* clang-format on */

static struct kb_literals name_set = KB_LITERALS(names);
static struct kb_literals member_set = KB_LITERALS(members);

#define DIGITS 3 /* of a number that somebody calls */

int kb_answer_class_of(struct kb_str phrase)
{
	const struct kb_literal_index *index = kb_literals_index(&name_set);
	int last = NONE;

	for (size_t i = 0; i < phrase.len; i++) {
		const struct kb_literal *found =
		    kb_may_begin(phrase.ptr, i)
			? kb_literals_word(index, phrase.ptr, phrase.len, i)
			: NULL;

		if (found) {
			last = names[found->row].class;
			i += found->len - 1;
		}
	}
	return last;
}

static bool has_member(int class, struct kb_str text, struct kb_str question)
{
	const struct kb_literal_index *index = kb_literals_index(&member_set);

	for (size_t i = 0; i < text.len; i++) {
		struct kb_literal_it it;
		const struct kb_literal *l;

		if (!kb_may_begin(text.ptr, i))
			continue;
		it = kb_literals_at(index, text.ptr + i, text.len - i);
		while ((l = kb_literal_next(&it)))
			if (members[l->row].class == class &&
			    kb_is_bounded(text.ptr, text.len, i, l->len) &&
			    !kb_str_has(question,
					(struct kb_str){l->text, l->len}))
				return true;
	}
	return false;
}

static bool has_code(struct kb_str text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++)
		digits += kb_is_digit(text.ptr[i]);
	return digits >= DIGITS;
}

bool kb_answer_class_has(int class, struct kb_str text, struct kb_str question)
{
	switch (class) {
	case CODE:
		return has_code(text);
	case MAIL:
		return memchr(text.ptr, '@', text.len) != NULL;
	case SITE:
		return memchr(text.ptr, '.', text.len) != NULL;
	default:
		return has_member(class, text, question);
	}
}
