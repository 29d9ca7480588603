package demo

// worldCultures holds names in other scripts. Every name is followed by "=" and
// the Latin spelling from which its e-mail address is made.
var worldCultures = []namesource{
	{
		cards: 2, // Japanese
		given: `太郎=taro 花子=hanako 翔太=shota さくら=sakura 健一=kenichi 美咲=misaki 大輔=daisuke 陽子=yoko 蓮=ren
			葵=aoi 悠真=yuma 結衣=yui 拓海=takumi 七海=nanami 直樹=naoki 恵子=keiko 一郎=ichiro ひかり=hikari
			隼人=hayato 真由美=mayumi 誠=makoto 彩=aya 龍之介=ryunosuke 千尋=chihiro アンナ=anna 颯=hayate`,
		family: `山田=yamada 佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 伊藤=ito 中村=nakamura
			小林=kobayashi 加藤=kato 吉田=yoshida 山本=yamamoto 松本=matsumoto 井上=inoue 木村=kimura 林=hayashi
			清水=shimizu 斎藤=saito 長谷川=hasegawa 藤原=fujiwara 石川=ishikawa 西園寺=saionji 五十嵐=igarashi
			小鳥遊=takanashi 東海林=shoji 髙木=takagi`,
	},
	{
		cards: 2, // Chinese
		given: `伟=wei 芳=fang 娜=na 秀英=xiuying 敏=min 静=jing 丽=li 强=qiang 磊=lei 军=jun 洋=yang 勇=yong
			艳=yan 杰=jie 娟=juan 涛=tao 明=ming 超=chao 秀兰=xiulan 霞=xia 志明=zhiming 雅婷=yating 家豪=jiahao
			淑芬=shufen 子轩=zixuan 雨桐=yutong 浩然=haoran 欣怡=xinyi`,
		family: `王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 赵=zhao 黄=huang 周=zhou 吴=wu 徐=xu 孙=sun 胡=hu
			朱=zhu 高=gao 林=lin 何=he 郭=guo 马=ma 罗=luo 欧阳=ouyang 司马=sima 诸葛=zhuge 上官=shangguan 陳=chan
			黃=wong 劉=lau 謝=hsieh`,
	},
	{
		cards: 2, // Korean
		given: `민준=minjun 서연=seoyeon 지훈=jihun 수빈=subin 예준=yejun 하은=haeun 도윤=doyun 지우=jiwoo 현우=hyunwoo
			은주=eunju 성민=sungmin 유진=yujin 영희=younghee 철수=chulsoo 다은=daeun 승현=seunghyun 미경=mikyung
			재현=jaehyun 보라=bora 한결=hangyeol`,
		family: `김=kim 이=lee 박=park 최=choi 정=jung 강=kang 조=cho 윤=yoon 장=jang 임=lim 한=han 오=oh 서=seo
			신=shin 권=kwon 황=hwang 안=ahn 송=song 남궁=namgung 제갈=jegal 선우=sunwoo`,
	},
	{
		cards: 2, // Russian
		given: `Алексей=aleksei Мария=maria Дмитрий=dmitrii Анастасия=anastasia Сергей=sergei Ольга=olga Иван=ivan
			Екатерина=ekaterina Фёдор=fedor Наталья=natalya Пётр=petr Юлия=yulia Андрей=andrei Светлана=svetlana
			Николай=nikolai Татьяна=tatyana Артём=artem Ксения=ksenia Григорий=grigorii Людмила=lyudmila`,
		family: `Соколенко=sokolenko Морозюк=morozyuk Лебединских=lebedinskikh Заря=zarya Королёк=korolek
			Чайка=chaika Кравец=kravets Бондаренко=bondarenko Ткаченко=tkachenko Шевченко=shevchenko Мельник=melnik
			Черных=chernykh Седых=sedykh Долгих=dolgikh Живаго=zhivago Щерба=shcherba Дурново=durnovo Бегун=begun
			Гончар=gonchar Жук=zhuk`,
	},
	{
		cards: 1, // Ukrainian
		given: `Олександр=oleksandr Оксана=oksana Тарас=taras Ірина=iryna Богдан=bohdan Софія=sofiia Євген=yevhen
			Наталія=nataliia Юрій=yurii Леся=lesia Їлярія=yilyariia Ярослав=yaroslav Зоряна=zoriana Ґанна=ganna
			Мирослава=myroslava Андрій=andrii`,
		family: `Коваленко=kovalenko Шевчук=shevchuk Поліщук=polishchuk Ткачук=tkachuk Кравченко=kravchenko
			Олійник=oliinyk Лисенко=lysenko Руденко=rudenko Марченко=marchenko Савченко=savchenko Ґерета=gereta
			Їжак=yizhak Гнатюк=hnatiuk Панасенко=panasenko Клименко=klymenko Вовк=vovk`,
	},
	{
		cards: 1, // Greek
		given: `Γιώργος=giorgos Μαρία=maria Δημήτρης=dimitris Ελένη=eleni Νίκος=nikos Αικατερίνη=aikaterini
			Κωνσταντίνος=konstantinos Σοφία=sofia Παναγιώτης=panagiotis Άννα=anna Θεόδωρος=theodoros Χριστίνα=christina
			Όλγα=olga Οδυσσέας=odysseas Φωτεινή=foteini Μαΐα=maia`,
		family: `Παπαδόπουλος=papadopoulos Γεωργίου=georgiou Οικονόμου=oikonomou Βλάχος=vlachos Αγγελίδη=angelidi
			Καραγιάννης=karagiannis Μακρής=makris Δημητρίου=dimitriou Ιωάννου=ioannou Παπαϊωάννου=papaioannou
			Αθανασιάδης=athanasiadis Χατζηδάκης=chatzidakis Τριανταφυλλίδου=triantafyllidou Ζαχαρίου=zachariou
			Νικολάου=nikolaou Καζαντζής=kazantzis`,
	},
	{
		cards: 1, // Hebrew
		given: `דוד=david נועה=noa יוסף=yosef תמר=tamar אורי=uri מיכל=michal איתן=eitan שירה=shira יונתן=yonatan
			רחל=rachel עומר=omer יעל=yael אבישי=avishai הדס=hadas גלעד=gilad ליאת=liat אלעד=elad צופיה=tsofia`,
		family: `כהן=cohen לוי=levi מזרחי=mizrahi פרץ=peretz ביטון=biton דהן=dahan אברהם=avraham פרידמן=friedman
			אזולאי=azoulay שפירא=shapira בן־דוד=ben-david גולן=golan רוזנברג=rosenberg חדד=hadad אשכנזי=ashkenazi
			ברק=barak שחר=shahar נחום=nahum`,
	},
	{
		cards: 2, // Arabic
		given: `محمد=mohammed فاطمة=fatima أحمد=ahmed مريم=maryam علي=ali عائشة=aisha عمر=omar خديجة=khadija
			يوسف=yousef ليلى=layla إبراهيم=ibrahim زينب=zainab عبد_الرحمن=abdulrahman نور=nour حسن=hassan
			هدى=huda خالد=khaled سلمى=salma طارق=tariq رانيا=rania مؤمن=moamen آمنة=amna`,
		family: `الهاشمي=alhashimi العلي=alali حداد=haddad النجار=alnajjar المصري=almasri الشامي=alshami
			القحطاني=alqahtani الخطيب=alkhatib منصور=mansour بن_سعيد=binsaid الزهراني=alzahrani عبد_الله=abdullah
			التميمي=altamimi الفاسي=alfassi الحسيني=alhusseini أبو_زيد=abuzaid الأنصاري=alansari السيد=elsayed
			بوعزيز=bouaziz الرفاعي=alrifai`,
	},
	{
		cards: 2, // Hindi
		given: `प्रिया=priya राहुल=rahul अनन्या=ananya विक्रम=vikram स्नेहा=sneha अर्जुन=arjun काव्या=kavya
			रोहन=rohan मीरा=meera सिद्धार्थ=siddharth लक्ष्मी=lakshmi दीपिका=deepika कृष्ण=krishna ईशान=ishaan
			अदिति=aditi हरप्रीत=harpreet श्रेया=shreya गौरव=gaurav ज़ोया=zoya`,
		family: `शर्मा=sharma पटेल=patel गुप्ता=gupta सिंह=singh कुमार=kumar वर्मा=verma मिश्रा=mishra पांडेय=pandey
			चौधरी=chaudhary त्रिपाठी=tripathi श्रीवास्तव=srivastava देशपांडे=deshpande कुलकर्णी=kulkarni जोशी=joshi
			अग्रवाल=agrawal द्विवेदी=dwivedi राठौड़=rathore भट्टाचार्य=bhattacharya`,
	},
	{
		cards: 1, // Thai
		given: `สมชาย=somchai สมหญิง=somying ณัฐพล=nattapon กนกวรรณ=kanokwan ธนพล=thanapon พิมพ์ชนก=pimchanok
			วิชัย=wichai สุดารัตน์=sudarat อนันต์=anan ปิยะดา=piyada กิตติ=kitti ชลธิชา=chonthicha ประเสริฐ=prasert
			มาลี=malee ศักดิ์ชัย=sakchai น้ำทิพย์=namthip`,
		family: `แสงทอง=saengthong ศรีสุข=srisuk วงศ์สวัสดิ์=wongsawat ทองดี=thongdee บุญมี=boonmee ใจดี=jaidee
			รัตนพงษ์=rattanapong สุวรรณภูมิ=suwannaphum พิพัฒน์พงศ์ไพศาล=pipatpongpaisan จันทร์เพ็ญ=chanpen
			ชัยวัฒน์=chaiwat เจริญรัตนวิไลวรรณ=charoenrattanawilaiwan กาญจนากร=kanchanakorn ปัญญาวุฒิไกร=panyawutthikrai`,
	},
	{
		cards: 1, // Georgian and Armenian
		given: `გიორგი=giorgi ნინო=nino დავით=davit თამარ=tamar ლუკა=luka ანა=ana ზურაბ=zurab ქეთევან=ketevan
			Արամ=aram Անահիտ=anahit Տիգրան=tigran Մարիամ=mariam Հայկ=hayk Լուսինե=lusine`,
		family: `ბერიძე=beridze მაისურაძე=maisuradze კაპანაძე=kapanadze გელაშვილი=gelashvili ლომიძე=lomidze
			Պետրոսյան=petrosyan Հակոբյան=hakobyan Սարգսյան=sargsyan Գրիգորյան=grigoryan Խաչատրյան=khachatryan`,
	},
}

// robots name the users that stand for a machine, by what it does.
var robots = []string{
	"Backup Robot", "Deploy Bot", "Build Agent", "Invoice Importer", "Calendar Sync", "Log Shipper",
	"Release Bot", "Status Page Updater", "Data Warehouse Loader", "Ticket Router", "Secrets Rotator",
	"Mail Relay", "Door Badge Bridge", "Chat Bridge", "Report Printer", "Certificate Renewer",
}

// mailboxes name the users that stand for an address that many people read.
var mailboxes = []string{
	"Careers Mailbox", "Front Desk", "Press Office", "Accounts Payable", "Security Reports",
	"Support Queue", "Meeting Room Vega", "Meeting Room Altair", "Legal Notices", "Privacy Requests",
}

// headNames are the names of the first users, up to the heads of departments:
// one of each sort that programs get wrong, so that the first page shows them.
// Given name and family name, each as in the lists.
var headNames = [lastHead][2]string{
	{"Sally", "Smith"},
	{"Jürgen", "Großkopf"},
	{"İrem", "Işık"},
	{"Saoirse", "O'Brien"},
	{"Chiara", "D’Angelo"},
	{"さくら=sakura", "山田=yamada"},
	{"秀英=xiuying", "王=wang"},
	{"ليلى=layla", "حداد=haddad"},
	{"Фёдор=fedor", "Щерба=shcherba"},
	{"Ελένη=eleni", "Παπαϊωάννου=papaioannou"},
	{"נועה=noa", "בן־דוד=ben-david"},
	{"ज़ोया=zoya", "त्रिपाठी=tripathi"},
	{"지우=jiwoo", "남궁=namgung"},
	{"สมชาย=somchai", "ใจดี=jaidee"},
	{"Jean-Luc", "Périer-Saint-Exupère"},
}
