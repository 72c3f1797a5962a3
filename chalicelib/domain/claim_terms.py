"""Words of sustainability claims that Directive 2005/29/EC, as amended by Directive (EU) 2024/825, warns of.

By language and kind of concern, between commas. Written as people write them: they are compared without case, accents,
blanks and hyphens. ``*`` at the end: more letters may follow, as endings do. ``#`` is a year to come. The examples of
the directive's recitals 9 to 13 are among them. Somebody who speaks the language has to look at a change.
"""

from __future__ import annotations

from collections.abc import Mapping

TERMS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "generic": "green, greener, greenest, eco, eco-friendly, ecofriendly, eco-conscious, ecological, "
        "ecologically, environmentally friendly, environment friendly, environmentally correct, "
        "environmentally responsible, environmentally conscious, friend of the environment, nature's friend, "
        "friendly to nature, planet friendly, good for the planet, better for the planet, kind to the planet, "
        "gentle on the environment, good for the environment, better for the environment, earth friendly, "
        "climate friendly, carbon friendly, energy efficient, biodegradable, bio-based, sustainable, sustainably, "
        "sustainability, more sustainable, responsible, responsibly made, conscious, ethical, clean, pure, "
        "natural, low impact, zero impact, non-toxic, chemical-free, circular, environmentally sound, "
        "environmentally safe",
        "label": "eco label, ecolabel, green label, green seal, sustainability label, sustainability seal, "
        "eco-certified, certified sustainable, certified green, eco certified, seal of approval, eco rating, "
        "sustainability score",
        "whole": "100 % sustainable, 100 % green, 100 % recycled, 100 % eco, fully sustainable, fully recycled, "
        "fully recyclable, entirely sustainable, entirely recycled, completely sustainable, completely recycled, "
        "completely recyclable, all our products, all of our products, our whole collection, "
        "our entire collection, our whole range, our entire range, everything we make, all our factories, "
        "made with recycled material, made with recycled materials, made from recycled material, "
        "made from recycled materials",
        "offset": "climate neutral, climate neutrality, carbon neutral, carbon neutrality, CO2 neutral, net zero, "
        "climate positive, carbon positive, climate negative, carbon negative, climate net zero, "
        "climate compensated, carbon compensated, CO2 compensated, carbon offset, carbon offsets, "
        "offset emissions, offsets its emissions, we offset, offsetting, reduced climate impact, "
        "limited CO2 footprint, zero emission, zero emissions, zero carbon, carbon free",
        "future": "by #, until #, before #, we will, will be, will become, on our way to, on track to, "
        "on the path to, journey to, we aim to, our aim is, our goal, our target, we are committed to, "
        "we commit to, in the future",
    },
    "fr": {
        "generic": "vert, verte, verts, vertes, éco, écologique*, écolo, écoresponsable*, éco-responsable*, "
        "éco-conçu*, respectueux de l'environnement, respectueuse de l'environnement, "
        "respectueuses de l'environnement, respectueux de la nature, respectueux de la planète, "
        "respecte l'environnement, respecte la planète, ami de la nature, bon pour la planète, "
        "bonne pour la planète, bon pour l'environnement, meilleur pour la planète, meilleur pour l'environnement, "
        "sans danger pour l'environnement, favorable à l'environnement, favorable au climat, durable, durables, "
        "durablement, durabilité, responsable, responsables, éthique, éthiques, naturel*, propre, propres, "
        "biodégradable*, biosourcé*, faible impact, sans impact, zéro impact, économe en énergie, non toxique*, "
        "circulaire*",
        "label": "écolabel, éco-label, label vert, label écologique, label durable, certifié durable, "
        "certifié vert, éco-certifié*, sceau écologique, score environnemental",
        "whole": "100 % durable*, 100 % vert*, 100 % recyclé*, 100 % écologique*, entièrement durable*, "
        "entièrement recyclé*, entièrement recyclable*, totalement recyclé*, tous nos produits, "
        "toute notre collection, toute la collection, toutes nos usines, toute notre gamme, "
        "fabriqué à partir de matières recyclées, en matières recyclées",
        "offset": "climatiquement neutre*, neutre en carbone, neutres en carbone, neutralité carbone, "
        "neutre en CO2, neutralité climatique, zéro émission*, zéro carbone, zéro net, net zéro, "
        "zéro émission nette, positif pour le climat, compensé carbone, compense ses émissions, "
        "compensons nos émissions, compensation carbone, compensé*, bas carbone, impact climatique réduit, "
        "empreinte carbone réduite",
        "future": "d'ici #, d'ici à #, en #, avant #, à l'horizon #, nous serons, sera, seront, deviendra, "
        "notre objectif, nous visons, nous nous engageons, en route vers, à l'avenir",
    },
    "es": {
        "generic": "verde, verdes, eco, ecológico*, ecológica*, ecoamigable*, eco-amigable*, ecorresponsable*, "
        "respetuoso con el medio ambiente, respetuosa con el medio ambiente, respetuoso con el planeta, "
        "respetuosa con el planeta, respetuoso con la naturaleza, amigable con el medio ambiente, "
        "amigo del medio ambiente, amigo de la naturaleza, bueno para el planeta, buena para el planeta, "
        "mejor para el planeta, bueno para el medio ambiente, respetuoso con el clima, sostenible*, "
        "sostenibilidad, sustentable*, responsable, responsables, ético, ética, éticos, éticas, natural, "
        "naturales, limpio, limpia, limpios, limpias, biodegradable*, de base biológica, bajo impacto, "
        "sin impacto, impacto cero, eficiencia energética, no tóxico*, no tóxica*, circular, circulares",
        "label": "ecoetiqueta, eco etiqueta, etiqueta ecológica, etiqueta verde, sello verde, sello ecológico, "
        "sello sostenible, certificado sostenible, certificado verde, eco certificado*",
        "whole": "100 % sostenible*, 100 % verde*, 100 % reciclado*, 100 % reciclada*, 100 % ecológico*, "
        "totalmente sostenible*, totalmente reciclado*, totalmente reciclable*, completamente reciclado*, "
        "todos nuestros productos, toda nuestra colección, toda la colección, todas nuestras fábricas, "
        "hecho con material reciclado, hecho con materiales reciclados",
        "offset": "climáticamente neutro*, climáticamente neutra*, neutro en carbono, neutra en carbono, "
        "carbono neutral, carbono neutro, neutralidad climática, neutralidad de carbono, neutralidad en carbono, "
        "neutro en CO2, cero emisiones, cero neto, cero emisiones netas, huella cero, positivo para el clima, "
        "compensa sus emisiones, compensamos nuestras emisiones, compensado*, compensación de carbono, "
        "impacto climático reducido, huella de carbono reducida",
        "future": "para #, en #, antes de #, hasta #, para el año #, será, serán, seremos, nuestro objetivo, "
        "nos comprometemos, aspiramos, en camino hacia, en el futuro",
    },
    "de": {
        "generic": "grün, grüne, grüner, grünes, grünen, öko, ökologisch*, umweltfreundlich*, umweltschonend*, "
        "umweltgerecht*, umweltbewusst*, klimafreundlich*, klimaschonend*, naturfreundlich*, gut für die Umwelt, "
        "gut für den Planeten, besser für die Umwelt, nachhaltig*, verantwortungsvoll*, ethisch*, natürlich*, "
        "sauber, saubere, sauberer, biologisch abbaubar*, biobasiert*, energieeffizient*, kreislauffähig*, "
        "schadstofffrei*, ohne Chemie",
        "label": "Ökosiegel, Öko-Siegel, Umweltsiegel, grünes Siegel, Nachhaltigkeitssiegel, Nachhaltigkeitslabel, "
        "zertifiziert nachhaltig, öko-zertifiziert*",
        "whole": "100 % nachhaltig*, 100 % grün*, 100 % recycelt*, zu 100 % recycelt*, vollständig recycelt*, "
        "vollständig recycelbar*, komplett nachhaltig*, alle unsere Produkte, unsere ganze Kollektion, "
        "unsere gesamte Kollektion, aus recyceltem Material",
        "offset": "klimaneutral*, Klimaneutralität, CO2-neutral*, kohlenstoffneutral*, klimapositiv*, netto-null, "
        "emissionsfrei*, klimakompensiert*, CO2-kompensiert*, kompensiert*, reduzierte Klimabelastung",
        "future": "bis #, bis zum Jahr #, vor #, werden wir, wir werden, wird bis, unser Ziel, "
        "wir verpflichten uns, auf dem Weg zu, in Zukunft",
    },
    "ar": {
        "generic": "أخضر, خضراء, صديق للبيئة, صديقة للبيئة, صديق البيئة, صديقة البيئة, صديق للطبيعة, صديق للمناخ, "
        "إيكولوجي, إيكولوجية, بيئي, مستدام, مستدامة, استدامة, مسؤول, مسؤولة, أخلاقي, أخلاقية, طبيعي, طبيعية, نظيف, "
        "نظيفة, قابل للتحلل, قابلة للتحلل, غير ضار بالبيئة, منخفض الأثر, موفر للطاقة, غير سام, دائري",
        "label": "علامة خضراء, علامة بيئية, ملصق بيئي, ختم أخضر, معتمد بيئيا, شهادة خضراء",
        "whole": "100 % مستدام, 100 % مستدامة, مستدام بالكامل, مستدامة بالكامل, معاد تدويره بالكامل, كل منتجاتنا, "
        "جميع منتجاتنا, كل مصانعنا, من مواد معاد تدويرها",
        "offset": "محايد مناخيا, محايدة مناخيا, الحياد المناخي, محايد كربونيا, محايدة كربونيا, الحياد الكربوني, "
        "محايد للكربون, صفر انبعاثات, خال من الانبعاثات, خالي من الكربون, صافي صفر, تعويض الكربون, تعويض الانبعاثات",
        "future": "بحلول #, بحلول عام #, قبل #, قبل عام #, في عام #, سنصبح, سوف, هدفنا, نلتزم, نسعى إلى, في المستقبل",
    },
    "bn": {
        "generic": "সবুজ, পরিবেশবান্ধব*, পরিবেশ বান্ধব*, প্রকৃতিবান্ধব*, জলবায়ুবান্ধব*, ইকো, ইকো-ফ্রেন্ডলি, "
        "টেকসই*, দায়িত্বশীল*, নৈতিক*, প্রাকৃতিক*, পরিচ্ছন্ন*, নির্মল*, জৈব-পচনশীল*, পচনশীল*, শক্তি সাশ্রয়ী*, "
        "জ্বালানি সাশ্রয়ী*, পরিবেশের জন্য ভালো, পৃথিবীর জন্য ভালো, বিষমুক্ত*",
        "label": "ইকো লেবেল, ইকোলেবেল, সবুজ লেবেল, সবুজ সিল, সবুজ সনদ*, পরিবেশ লেবেল",
        "whole": "১০০ % টেকসই*, ১০০ % পুনর্ব্যবহৃত*, শতভাগ টেকসই*, শতভাগ সবুজ*, সম্পূর্ণ টেকসই*, "
        "সম্পূর্ণ পুনর্ব্যবহৃত*, আমাদের সব পণ্য*, আমাদের সকল পণ্য*, আমাদের সব কারখানা*",
        "offset": "জলবায়ু নিরপেক্ষ*, কার্বন নিরপেক্ষ*, কার্বন নিউট্রাল, নেট জিরো, শূন্য নিঃসরণ*, শূন্য কার্বন*, "
        "কার্বন মুক্ত*, কার্বন অফসেট, কার্বন ক্ষতিপূরণ*",
        "future": "# সালের মধ্যে, # এর মধ্যে, # সালে, আমাদের লক্ষ্য*, আমরা অঙ্গীকার*, ভবিষ্যতে, হব, হবে",
    },
    "tr": {
        "generic": "yeşil*, eko, ekolojik*, çevre dostu*, çevreci*, çevreye duyarlı*, çevreye saygılı*, "
        "doğa dostu*, doğaya saygılı*, iklim dostu*, gezegen dostu*, gezegen için iyi, çevre için iyi, "
        "sürdürülebilir*, sorumlu*, etik, doğal*, temiz*, biyobozunur*, doğada çözünür*, doğada çözünen*, "
        "biyo bazlı*, düşük etkili*, enerji verimli*, zehirsiz*, kimyasalsız*, döngüsel*",
        "label": "eko etiket*, çevre etiketi*, yeşil etiket*, yeşil mühür*, yeşil sertifika*, "
        "sürdürülebilirlik etiketi*",
        "whole": "%100 sürdürülebilir*, %100 geri dönüştürülmüş*, %100 yeşil*, yüzde yüz sürdürülebilir*, "
        "tamamen sürdürülebilir*, tamamen geri dönüştürülmüş*, tüm ürünlerimiz*, bütün ürünlerimiz*, "
        "tüm koleksiyonumuz*, tüm fabrikalarımız*, geri dönüştürülmüş malzemeden*",
        "offset": "iklim nötr*, karbon nötr*, karbonsuz*, net sıfır*, sıfır emisyon*, sıfır karbon*, "
        "iklim pozitif*, karbon pozitif*, karbon negatif*, karbon dengeleme*, emisyonlarımızı dengeliyoruz, "
        "denkleştir*",
        "future": "# yılına kadar, #'a kadar, #'e kadar, #'ya kadar, # yılında, # hedefi*, olacağız, olacak*, "
        "hedefimiz*, taahhüt ediyoruz, gelecekte, yolunda",
    },
    "vi": {
        "generic": "xanh, sinh thái, thân thiện với môi trường, thân thiện môi trường, thân thiện với thiên nhiên, "
        "thân thiện với khí hậu, tốt cho môi trường, tốt cho hành tinh, bảo vệ môi trường, bền vững, "
        "có trách nhiệm, có đạo đức, tự nhiên, sạch, phân hủy sinh học, tiết kiệm năng lượng, tác động thấp, "
        "không độc hại, tuần hoàn",
        "label": "nhãn xanh, nhãn sinh thái, nhãn môi trường, chứng nhận xanh, dấu xanh, tem xanh",
        "whole": "100 % bền vững, 100 % tái chế, 100 % xanh, hoàn toàn bền vững, hoàn toàn tái chế, "
        "tất cả sản phẩm của chúng tôi, toàn bộ sản phẩm, toàn bộ bộ sưu tập, toàn bộ nhà máy, "
        "làm từ vật liệu tái chế",
        "offset": "trung hòa khí hậu, trung hòa carbon, trung hòa các bon, trung tính carbon, "
        "phát thải ròng bằng không, phát thải bằng không, không phát thải, net zero, tích cực với khí hậu, "
        "bù đắp carbon, bù trừ carbon, bù đắp khí thải",
        "future": "đến năm #, vào năm #, trước năm #, chúng tôi sẽ, sẽ là, sẽ trở thành, mục tiêu của chúng tôi, "
        "cam kết, trong tương lai",
    },
    "zh": {
        "generic": "绿色, 環保, 环保, 生态, 生態, 环境友好, 環境友好, 友好环境, 亲环境, 气候友好, 地球友好, "
        "对环境友好, 对环境无害, 无害环境, 可持续, 可持續, 永续, 永續, 负责任, 負責任, 道德, 天然, 纯天然, 清洁, "
        "洁净, 可降解, 可生物降解, 生物基, 低碳, 节能, 低影响, 无毒, 循环",
        "label": "绿色标签, 环保标签, 生态标签, 绿色认证, 环保认证, 绿色标志, 环保标志",
        "whole": "100 % 可持续, 100 % 再生, 100 % 环保, 百分之百环保, 百分百可持续, 完全可持续, 全部回收, "
        "我们所有产品, 所有产品, 全系列, 所有工厂, 采用再生材料",
        "offset": "碳中和, 气候中和, 气候中性, 碳中性, 净零, 零碳, 零排放, 碳抵消, 抵消排放, 碳补偿, 气候正效益, 负碳",
        "future": "到#年, 到#, #年前, 在#年, #年之前, 我们将, 将成为, 目标是, 我们的目标, 承诺, 未来",
    },
}
