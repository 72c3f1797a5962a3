"""Words that many factories share: forms of company, which decide nothing, and words of the trade, which say little."""

from __future__ import annotations

_FORMS = """
ltd limited co company inc incorporated corp corporation pvt pte private plc llc llp lp gmbh mbh ag kg bv nv oy ab p ms
sa sas sasu sarl suarl eurl srl spa sl slu lda unipessoal as ve sti sirketi san sanayi tic ticaret anonim limitet
jsc cong ty tnhh cp mtv tm dv sx xnk sdn bhd pt tbk cv fze fzco wll and the of for de du des da do dos del la le les
et y e und und group holding holdings cie ets
شركه مؤسسه شمم ذمم شذمم محدوده المحدوده لميتد پرائیویٹ لمیٹڈ اینڈ اینڈ سنز و
লিমিটেড লি প্রাইভেট কোম্পানি কোম্পানী কোং অ্যান্ড এন্ড ও
लिमिटेड प्राइवेट कंपनी कम्पनी एंड லிமிடெட் லிமிடெட் பிரைவேட் கம்பெனி அண்ட்
"""
FORMS = frozenset(_FORMS.split())
"""Forms of company and small words, before folding. They are not indexed and not asked for."""

DENSE_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "有限公社", "集团", "集團", "公司", "株式会社")
"""Forms of company in scripts without blanks, the longest first."""

_TRADE = """
accessory apparel apparels bag boutique brand button carton ceramic chemical clothing clothes collection color colour
commercial composite cotton craft creation denim design development dress dyeing embroidery enterprise export exporter
fabric factory fashion fiber fibre finishing footwear furniture garment ginning glass global glove handicraft home
house import industrial industry innovation international intimate jean jeans jute kids knit knitted knitting knitwear
label laundry leather linen lingerie luggage machine machinery made manufacture manufacturer manufacturing mill mills
modern national new packaging plastic plant print printing processing product production quality recycling seafood
service sewing shoe shoes silk socks source sourcing spinner spinning sport sports sportswear star style supply sweater
tannery tanning technology textile texwear thread towel toy trade trading trim uniform union unit underwear unity
washing wear weaving wood wool woolen woollen woven world yarn ginner tailor outfit outerwear
konfeksiyon tekstil giyim orme iplik boya apre kumas deri seramik dokuma mamulleri urunleri dis ithalat ihracat
pazarlama confeccoes confeccao textil texteis malhas calcado tinturaria fiacao tecelagem lanificios ceramica industria
comercio confection bonneterie maille tissage filature teinture industrie industries textiles fabrication nouvelle
societe may mac det gom su soi nhuom xuat khau nhap san giay da dep thuong mai dich vu
bangladesh china india turkey turkiye vietnam viet nam pakistan morocco maroc tunisia tunisie portugal cambodia egypt
dhaka gazipur narayanganj chittagong chattogram guangzhou dongguan shenzhen shanghai ningbo hangzhou suzhou zhejiang
jiangsu guangdong istanbul bursa izmir denizli karachi lahore faisalabad tiruppur mumbai delhi porto tunis casablanca
east west north south asia asian euro
للملابس ملابس نسيج النسيج للنسيج غزل تريكو
টেক্সটাইল টেক্সটাইলস গার্মেন্টস নিট কম্পোজিট মিলস স্পিনিং ফ্যাশন সোয়েটার ডাইং
"""
TRADE = frozenset(_TRADE.split())
"""Words of the trade and its places, before folding. Too many names hold one for it to tell factories apart, so a
search begins with another word if it can, and a typing error in one is put right without asking the database."""
