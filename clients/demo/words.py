"""The words that demo rows are made of: names in several alphabets, domains, goods.

None of them may hold a tab, a line break or a backslash: they go into COPY as they are.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Tongue:
    """Names that go together. A word is `native` or, where the letters are not Latin, `native=romanised`.

    `pattern` puts the two together; `phone` is a made-up number, each # becoming a digit.
    """

    first: str
    last: str
    phone: str
    pattern: str = "{first} {last}"


TONGUES: Final = (
    Tongue(
        "Alice Amelia Charlotte Daniel Edward Emily Grace Harriet Jack James Oliver Sophie Thomas William",
        "Bennett Clarke Cooper Fletcher Hughes Marsh O’Brien Palmer Quinn Shaw Turner Walsh Whitmore Young",
        "+44 7700 900###",
    ),
    Tongue(
        "Aaron Brooke Caleb Diana Ethan Hannah Isaac Jordan Logan Megan Naomi Owen Paige Wyatt",
        "Abbott Brooks Carter Dawson Ellis Foster Greene Hayes Jefferson Lawson Monroe Parker Reed Sutton",
        "+1 212 555 01##",
    ),
    Tongue(
        "Anke Björn Dörte Friedrich Greta Jörg Jürgen Käthe Lukas Matthias Sören Ute Wiebke Yannick",
        "Bäcker Fröhlich Groß Hübner Jäger Köhler Lindner Möller Schäfer Schröder Strauß Vogel Weiß Zöllner",
        "+49 30 23125 ###",
    ),
    Tongue(
        "Aurélie Benoît Chloé Étienne Gaëlle Hélène Inès Jean-Luc Léa Loïc Maëlys Noémie Rémi Zoé",
        "Besançon Brûlé Chevalier Delacroix Dubois Fournier Garçon Lefèvre Moreau Noël Pâquet Renaud"
        " Rousseau Saint-Pierre",
        "+33 1 99 00 ## ##",
    ),
    Tongue(
        "Álvaro Begoña Carmen Concepción Íñigo Jesús José Lucía Martín Nicolás Núria Raúl Sofía Verónica",
        "Álvarez Castaño Díaz Fernández García Ibáñez López Muñoz Núñez Peña Rodríguez Sáez Vázquez Zúñiga",
        "+34 555 ## ## ##",
    ),
    Tongue(
        "André Antônio Beatriz Camila Conceição Fábio Inácio João Letícia Mário Patrícia Simão Tomás Vitória",
        "Araújo Brandão Conceição Couto Falcão Gonçalves Leitão Magalhães Nóbrega Pinto Queirós Romão Simões Viegas",
        "+351 555 ### ###",
    ),
    Tongue(
        "Agnieszka Błażej Elżbieta Grażyna Jarosław Łukasz Małgorzata Mirosław Radosław Sławomir Wiesław Żaneta",
        "Bąk Dąbek Gołąb Jabłoń Kłos Łącki Mróz Paź Sęk Śliż Wróbel Żak",
        "+48 555 ### ###",
    ),
    Tongue(
        "Bohumil Dušan Eliška Jiří Květa Lukáš Matěj Miloš Ondřej Radek Štěpán Zdeněk",
        "Beneš Čermák Dvořák Fiala Havránek Jelínek Kovář Kříž Němec Procházka Růžička Šimek",
        "+420 555 ### ###",
    ),
    Tongue(
        "Astrid Åsa Bjørn Elin Frøya Håkon Ingrid Jørgen Lærke Mårten Øystein Søren",
        "Ångström Bergström Dahl Fjellheim Håland Kjær Lindqvist Nørgaard Østby Sjöberg Strøm Åkesson",
        "+46 8 465 004 ##",
    ),
    Tongue(
        "Ayşe Burak Çağla Deniz Emre Gülşen Işıl İbrahim Öykü Şule Tuğba Ümit",
        "Aydın Çelik Doğan Güneş Işık Kılıç Öztürk Polat Şahin Toprak Yıldız Yüksel",
        "+90 555 ### ## ##",
    ),
    Tongue(
        "Đức Hạnh Hòa Hương Lộc Minh Ngọc Nhật Phúc Quỳnh Thảo Tuấn",
        "Bùi Đặng Đỗ Hồ Huỳnh Lê Lý Ngô Nguyễn Phạm Trần Võ",
        "+84 555 ### ###",
        "{last} {first}",
    ),
    Tongue(
        "Алина=alina Анна=anna Виктория=viktoria Дарья=daria Екатерина=ekaterina Ирина=irina Ксения=ksenia"
        " Мария=maria Надежда=nadezhda Ольга=olga Светлана=svetlana Юлия=yulia",
        "Белова=belova Виноградова=vinogradova Жукова=zhukova Зайцева=zaitseva Ковалёва=kovaleva Лебедева=lebedeva"
        " Морозова=morozova Орлова=orlova Петрова=petrova Соколова=sokolova Фёдорова=fedorova Щербакова=shcherbakova",
        "+7 555 ###-##-##",
    ),
    Tongue(
        "Алексей=alexei Борис=boris Василий=vasily Дмитрий=dmitry Егор=egor Иван=ivan Константин=konstantin"
        " Михаил=mikhail Николай=nikolai Павел=pavel Сергей=sergei Юрий=yuri",
        "Белов=belov Виноградов=vinogradov Жуков=zhukov Зайцев=zaitsev Ковалёв=kovalev Лебедев=lebedev"
        " Морозов=morozov Орлов=orlov Петров=petrov Соколов=sokolov Фёдоров=fedorov Щербаков=shcherbakov",
        "+7 555 ###-##-##",
    ),
    Tongue(
        "Ганна=hanna Євген=yevhen Зоряна=zoriana Ївга=yivha Людмила=liudmyla Микола=mykola Оксана=oksana"
        " Остап=ostap Соломія=solomiia Тарас=taras",
        "Бондаренко=bondarenko Гончаренко=honcharenko Кравчук=kravchuk Литвиненко=lytvynenko Мельник=melnyk"
        " Олійник=oliinyk Романенко=romanenko Ткачук=tkachuk Шевчук=shevchuk Яременко=yaremenko",
        "+380 55 ### ## ##",
    ),
    Tongue(
        "Αθηνά=athina Βασιλική=vasiliki Γιώργος=giorgos Δήμητρα=dimitra Ελένη=eleni Θανάσης=thanasis"
        " Κώστας=kostas Μαρία=maria Νίκος=nikos Χρήστος=christos",
        "Αγγέλου=angelou Βλάχου=vlachou Γεωργίου=georgiou Δημητρίου=dimitriou Ιωάννου=ioannou Κωνσταντίνου=konstantinou"
        " Νικολάου=nikolaou Οικονόμου=oikonomou Παππά=pappa Χατζή=chatzi",
        "+30 555 ### ####",
    ),
    Tongue(
        "芳=fang 伟=wei 娜=na 敏=min 静=jing 磊=lei 洋=yang 艳=yan 勇=yong 军=jun",
        "王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 赵=zhao 黄=huang 周=zhou 吴=wu",
        "+86 555 #### ####",
        "{last}{first}",
    ),
    Tongue(
        "さくら=sakura 陽菜=hina 結衣=yui 大翔=hiroto 蓮=ren 美咲=misaki 拓海=takumi 健太=kenta 葵=aoi 翼=tsubasa",
        "佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 伊藤=ito 山本=yamamoto 中村=nakamura"
        " 小林=kobayashi 加藤=kato",
        "+81 55 #### ####",
        "{last} {first}",
    ),
    Tongue(
        "민준=minjun 서연=seoyeon 지우=jiwoo 하은=haeun 도윤=doyun 수아=sua 예준=yejun 지민=jimin",
        "김=kim 이=lee 박=park 최=choi 정=jung 강=kang 조=cho 윤=yoon",
        "+82 55 ### ####",
        "{last}{first}",
    ),
    Tongue(
        "أحمد=ahmad فاطمة=fatima خالد=khalid ليلى=layla محمود=mahmoud نور=nour يوسف=youssef زينب=zaynab",
        "الحداد=alhaddad الخطيب=alkhatib السيد=alsayed الشامي=alshami المصري=almasri النجار=alnajjar"
        " حسن=hassan منصور=mansour",
        "+971 55 555 ####",
    ),
    Tongue(
        "אבי=avi דוד=david יעל=yael מיכל=michal נועה=noa רחל=rachel שירה=shira תמר=tamar",
        "אברהמי=avrahami ביטון=biton כהן=cohen לוי=levy מזרחי=mizrahi פרידמן=friedman שפירא=shapira ברק=barak",
        "+972 55 555 ####",
    ),
    Tongue(
        "अनिता=anita अर्जुन=arjun दीपा=deepa कविता=kavita मोहन=mohan प्रिया=priya राजेश=rajesh सुनीता=sunita",
        "अग्रवाल=agarwal गुप्ता=gupta जोशी=joshi मेहता=mehta पटेल=patel शर्मा=sharma सिंह=singh वर्मा=verma",
        "+91 55555 #####",
    ),
)

VIP_DOMAIN: Final = "company.com"
# But for the curriculum's company.com they end in .example, a name that is reserved: no mail ever reaches a stranger.
FIRMS: Final = (
    "mail post inbox letters home acme-supplies albatros-travel amber-bakery anker-logistik atelier-dupont"
    " aurora-clinic baltic-timber blue-harbour bright-windows casa-verde cedar-books copper-kettle delta-print"
    " dockside-cafe elbe-kontor fern-and-oak fjordhus granite-works green-valley harbour-law ironbridge"
    " juniper-media kestrel-energy lakeside-school lumen-studio maple-dental meridian-tours nordlicht"
    " northgate-motors olive-grove open-fields"
)
DOMAINS: Final = (VIP_DOMAIN, *(f"{firm}.example" for firm in FIRMS.split()))

# What is ordered, and what it usually costs.
GOODS: Final = (
    ("Website redesign", 4800),
    ("Online shop set-up", 7200),
    ("Logo and letterhead", 950),
    ("Product photography", 1250),
    ("Spring catalogue, 500 copies", 1480),
    ("Business cards, 1,000 pieces", 85),
    ("Trade fair stand", 6400),
    ("Newsletter, one year", 1900),
    ("Translation into French", 640),
    ("Translation into Japanese", 880),
    ("Office chairs, set of 6", 1740),
    ("Standing desk", 590),
    ("Meeting room table", 1320),
    ("Shelving for the archive", 780),
    ("Laptop, 14 inch", 1150),
    ("Laptops for the sales team", 9800),
    ("Network cabling", 2350),
    ("Server maintenance, quarter", 1600),
    ("Backup service, one year", 720),
    ("Security review", 3900),
    ("Database migration", 5200),
    ("Accounting software, 5 seats", 1125),
    ("Training day", 1400),
    ("First aid course", 480),
    ("Window cleaning, month", 220),
    ("Office cleaning, month", 690),
    ("Coffee beans, 12 kg", 210),
    ("Fruit basket, month", 95),
    ("Catering for 40 guests", 1680),
    ("Company outing by coach", 2100),
    ("Delivery van hire, week", 430),
    ("Courier service, month", 260),
    ("Solar panel survey", 540),
    ("Heating inspection", 180),
    ("Fire extinguisher check", 130),
    ("Garden care, season", 870),
    ("Signage for the entrance", 1060),
    ("Packaging, 2,000 boxes", 1340),
    ("Paper, 50 reams", 245),
    ("Market study", 8600),
)
DETAILS: Final = ("",) * 4 + (
    ", express",
    ", second part",
    ", follow-up",
    ", renewal",
    ", extra",
    ", revised",
)
