package demo

// latinCultures holds names that are written in Latin letters. In a list a
// space parts names and an underscore stands for a space inside a name.
var latinCultures = []namesource{
	{
		cards: 12,
		given: `Sally James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara
			Richard Susan Joseph Jessica Thomas Sarah Charles Karen Christopher Nancy Daniel Margaret Matthew Lisa
			Anthony Betty Mark Dorothy Donald Sandra Steven Ashley Paul Kimberly Andrew Donna Joshua Emily Kenneth
			Michelle Kevin Carol Brian Amanda George Melissa Edward Deborah Ronald Stephanie Timothy Rebecca Jason
			Laura Jeffrey Helen Ryan Sharon Gary Cynthia Jacob Kathleen Nicholas Amy Eric Shirley Jonathan Angela
			Stephen Anna Larry Ruth Justin Brenda Scott Pamela Brandon Nicole Benjamin Katherine Samuel Virginia
			Gregory Catherine Frank Christine Alexander Samantha Raymond Debra Patrick Janet Jack Rachel Dennis
			Carolyn Jerry Emma Tyler Maria Aaron Heather Henry Diane Douglas Julie Peter Joyce Walter Olivia Hazel
			Clementine Rupert Beatrice Alistair Imogen Barnaby Cordelia Felix Harriet Jasper Matilda Theodore
			Wren Indigo Marlowe Quentin Rosalind Sebastian Tabitha Winifred`,
		family: `Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White
			Harris Martin Thompson Robinson Clark Lewis Lee Walker Hall Allen Young King Wright Scott Green Baker
			Adams Nelson Hill Campbell Mitchell Roberts Carter Phillips Evans Turner Parker Collins Edwards Stewart
			Morris Rogers Reed Cook Morgan Bell Murphy Bailey Cooper Richardson Cox Howard Ward Peterson Gray
			Watson Brooks Kelly Sanders Price Bennett Wood Barnes Ross Henderson Coleman Jenkins Perry Powell Long
			Patterson Hughes Flores Washington Butler Simmons Foster Bryant Alexander Russell Griffin Hayes Myers
			Ford Hamilton Graham Sullivan Wallace Woods Cole West Jordan Owens Reynolds Fisher Ellis Harrison Gibson
			McDonald Cruz Marshall Ortiz Gomez Murray Freeman Wells Webb Simpson Stevens Tucker Porter Hunter Hicks
			Crawford Henry Boyd Mason Kennedy Warren Dixon Burns Gordon Shaw Holmes Rice Robertson Hunt Black
			Daniels Palmer Mills Nichols Grant Knight Ferguson Stone Hawkins Dunn Perkins Hudson Spencer Gardner
			Ashdown Birchall Cattermole Dunkerley Eastwick Fairweather Greenhalgh Hollingworth Inglethorpe Jessop`,
	},
	{
		cards: 2,
		given: `Aoife Siobhán Niamh Saoirse Ciarán Seán Pádraig Oisín Róisín Caoimhe Fionn Gráinne Eoghan Tadhg
			Orla Declan Brendan Maeve Fearghal Sinéad Cormac Dónal Éabha Ruairí Clíodhna Fiona Ewan Hamish Isla
			Callum Mairead Gareth Rhiannon Angharad Llewellyn Siân Bronwen Emyr`,
		family: `O'Brien O'Connor O'Sullivan O'Neill O’Reilly O’Doherty O'Shaughnessy McCarthy MacDonald McKenzie
			MacLeod Ní_Bhriain Ó_Súilleabháin Ó_Dálaigh Ní_Mhurchú Fitzgerald Gallagher Doyle Byrne Nolan Kavanagh
			Brennan Quinn Maguire Hennessy Llewelyn Gruffydd Pritchard Ap_Rhys Cadwaladr Urquhart Farquharson
			Colquhoun Buchanan Drummond Lochhead`,
	},
	{
		cards: 2,
		given: `Élodie Jean-Luc François Chloé Amélie Benoît Cécile Damien Étienne Gaëlle Hélène Jérôme Léa Loïc
			Maëlle Noémie Océane Raphaël Rémi Sébastien Solène Théo Thérèse Anaïs Aurélien Bénédicte Clément Zoé
			Jean-Baptiste Marie-Claire Anne-Sophie Pierre-Yves Inès Maxime Françoise Gérard Ségolène Thibault
			Céleste Fabrice`,
		family: `Dubois Lefèvre Moreau Girard Bonnet Dupont Lambert Fontaine Rousseau Chevalier Gauthier Périer
			Lefebvre Mercier Beaulieu Deschênes Béranger D'Aubigné De_la_Tour L'Hôpital d’Arcy Château Bélanger
			Côté Gagné Hébert Léger Noël Pâquet Tremblay Desrosiers Larivière Boisvert Beauséjour Grandmaison
			Saint-Exupère Delacroix Vaillancourt Préfontaine Lécuyer`,
	},
	{
		cards: 2,
		given: `Jürgen Günther Jörg Björn Käthe Bärbel Uwe Heike Lukas Hannah Leonie Maximilian Sophie Klaus
			Ingrid Wolfgang Sabine Matthias Anneliese Rüdiger Ute Karl-Heinz Hans-Peter Anne-Marie Götz Sören
			Friederike Dietmar Lieselotte Sigrid Thorsten Ulrike Volker Wiebke Friedrich Gretchen Roswitha Hartmut`,
		family: `Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer
			Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hartmann Lange Groß Strauß Weiß
			Heß Voß Preuß Kößler Bößenroth Großkopf Jäger Böhm Köhler Lüdenscheid von_Hohenfels von_der_Heide
			zu_Lichtenau Übelacker Öttinger Äpfelbach Brückner Vögele Schönberger`,
	},
	{
		cards: 2,
		given: `Åsa Björn Søren Øyvind Jørgen Kjærsti Mette Ingrid Lars Freja Astrid Sigurður Guðrún Þórdís Ásta
			Einar Håkon Liv Nils Päivi Jukka Aino Väinö Eero Tuuli Ilmari Æsa Magnus Solveig Tove Ragnhild Þór
			Eyjólfur Hallgrímur Märta Göran Örjan Kåre`,
		family: `Lindström Bergström Åkesson Öberg Sjögren Nyström Holmqvist Sørensen Jørgensen Kjær Østergaard
			Nygård Bjørnstad Ødegård Strømme Aasen Hämäläinen Mäkinen Korhonen Virtanen Laaksonen Yläjärvi
			Jónsdóttir Sigurðsson Guðmundsdóttir Þorvaldsson Ásgeirsdóttir Ægisson Eiríksson Björnsdóttir
			Vestergaard Hansen Nørgaard Lagerkvist Ekström Sandström Blåsjö`,
	},
	{
		cards: 3, twoFamilies: true,
		given: `José María Jesús Lucía Andrés Sofía Ángel Inés Joaquín Martín Raúl Mónica Iván Óscar Adrián Belén
			Concepción Íñigo Nicolás Verónica Ximena Yolanda Tomás Rocío Álvaro Beatriz César Débora Fermín
			Guillermo Héctor Itziar Begoña Nuria Estíbaliz Valentina Mateo Santiago Camila Emiliano`,
		family: `García Martínez Rodríguez López González Hernández Pérez Sánchez Ramírez Gómez Díaz Vázquez Núñez
			Ibáñez Muñoz Peña Castaño Cañizares Zúñiga Ordóñez Quiñones Bolaños Fernández Álvarez Jiménez Gutiérrez
			Domínguez Suárez Méndez Ríos Ávila Echeverría Goikoetxea Etxeberria Aránguiz Salvatierra Montenegro
			Villalobos de_la_Vega de_la_Cruz del_Río`,
	},
	{
		cards: 2, twoFamilies: true,
		given: `João Inês Antônio Conceição Luís Márcia Sebastião Tânia Gonçalo Débora Vinícius Beatriz Cauã Éder
			Flávia Iúri Júlia Lígia Mônica Otávio Patrícia Renée Simão Thaís Zélia Rúben Estêvão Leonor Matilde
			Tomé Afonso Caetano`,
		family: `Silva Santos Oliveira Souza Gonçalves Araújo Magalhães Guimarães Assunção Conceição Simões Leitão
			Brandão Falcão Galvão Romão Sá Sequeira Tavares Vasconcelos Albuquerque Bragança Cordeiro Furtado
			Esperança Junqueira dos_Anjos da_Conceição do_Nascimento Queirós`,
	},
	{
		cards: 2,
		given: `Niccolò Giovanni Lucia Andrea Chiara Matteo Giulia Lorenzo Francesca Alessandro Noè Mosè Zoë Pietro
			Caterina Ludovica Benedetta Raffaele Salvatore Concetta Gaetano Ottavia Tommaso Elisabetta Gianluca
			Mariangela Pierpaolo Giosuè Serafina Umberto`,
		family: `Rossi Russo Ferrari Esposito Bianchi Romano D'Angelo D’Angelo Dell’Acqua De_Luca Di_Stefano
			Dell'Orto Nicolò Fumagalli Brambilla Cattaneo Santoro Mantovani D’Annunzio Pellegrini Gagliardi Fabbri
			Caputo Montanari Lombardini Quattrocchi Sant’Elia Abbondanza Cusumano Zanella`,
	},
	{
		cards: 2,
		given: `Daan Sanne Jeroen Anouk Thijs Femke Joris Maaike Sjoerd Wietske Ruben Lotte Pieter Marijke Hendrik
			Geertruida Bas Eline Noël Zoë Caspar Willemijn Diederik Jantje Koen Lieke`,
		family: `de_Jong Jansen de_Vries van_den_Berg van_Dijk Bakker Visser Smit de_Boer Mulder Bos Vos Peters
			Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra van_der_Heijden van_'t_Hoff Hoekstra Koster
			Prinsen Huisman Poelstra van_Nieuwenhuizen IJsbrandt Coenraads Wijngaarden`,
	},
	{
		cards: 2,
		given: `Zofia Łukasz Małgorzata Paweł Agnieszka Michał Grażyna Sławomir Bożena Wojciech Żaneta Stanisław
			Świętosława Jędrzej Elżbieta Zdzisław Kinga Mateusz Jiří Tomáš Kateřina Zdeněk Květa Ondřej Lenka Matěj
			Šárka Vojtěch László Zsófia Gergő Ágnes Tamás Réka Csaba Ildikó`,
		family: `Kowalski Wiśniewska Wójcik Kamiński Lewandowska Zieliński Szymańska Woźniak Dąbrowski Kozłowska
			Jankowski Mazur Kwiatkowska Krawczyk Piotrowska Grabowski Nowakowska Pawłowski Michalska Brzęczyszczykiewicz
			Gżegżółka Źdźbło Dvořák Černý Procházka Kučera Veselý Horák Němec Pokorný Šťastný Řehoř Hrušková Nagy
			Kovács Szabó Tóth Horváth Kőszegi Győrffy Szűcs`,
	},
	{
		cards: 2,
		given: `İbrahim İrem Işıl Çağla Özgür Şebnem Uğur Gökçe Ayşe Mehmet Yağmur Emre Zeynep Barış Defne Ömer
			Elif Tuğçe Ümit İlker Ilgın Çiğdem Bülent Hakan Pınar Sıla Kıvanç`,
		family: `Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Çetin Kara
			Koç Kurt Özkan Şimşek İnönü Işık Ağaoğlu Güneş Iğdırlı Karaoğlan Bıyık Türkoğlu Akıncı Taşçı`,
	},
	{
		cards: 2,
		given: `Nguyệt Hương Đức Phương Thảo Quỳnh Trâm Tuấn Hải Minh Ngọc Anh_Thư Bảo_Châu Khánh_Linh Thiện Vỹ
			Hoài Lộc Đạt Thủy Xuân Yến Phước Tường_Vi Gia_Huy`,
		family: `Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Mạc Đoàn Lương
			Tạ Triệu Thạch Quách`,
	},
	{
		cards: 2,
		given: `Adébáyọ̀ Chidinma Oluwaseun Ngozi Adaeze Ifeoluwa Tolúlọpẹ́ Chukwuemeka Yetunde Obinna Folasade
			Kwame Akosua Kofi Abena Wanjikũ Kamau Achieng Otieno Zanele Thandiwe Sipho Lindiwe Nomvula Tendai
			Rutendo Amina Mamadou Aïssatou Fatoumata Hery Voahangy`,
		family: `Ọláwálé Adéyẹmí Okonkwo Nwachukwu Ogunlade Eze Balogun Afọlábí Ezeudo Onyekachukwu Mensah Owusu
			Boateng Asante Kĩmani Mwangi Ochieng Wambũi Dlamini Nkosi Ndlovu Mokoena Khumalo Moyo Chikwanha Diallo
			Traoré Ouédraogo N'Diaye M’Bala N'Guessan Rakotoarimanantsoa Razafindramanitra Andrianjatovoarisoa`,
	},
	{
		cards: 2, mononyms: true,
		given: `Suharyanto Widodo Budiarti Kartini Sukarsih Setiawan Wulandari Haryono Sutrisno Rahayu Susanti
			Purnomo Mulyadi Lestari Gunawan Wati Sudarsono Paramita Hartono Kusumawati Yulianti Prasetya Ningsih
			Darmawan Supriyadi Anggraini Bambang Dewi Eko Fitri Indah Joko Ketut Made Nyoman Putu Wayan`,
		family: `Santoso Wijaya Hidayat Saputra Pratama Nugroho Utami Siregar Simanjuntak Hutapea Tanjung Nasution
			Panggabean Situmorang Wibisono Kusnadi Halim Rangkuti Sihombing Lumbantobing`,
	},
	{
		cards: 2,
		given: `Priya Rahul Ananya Vikram Sneha Arjun Kavya Rohan Meera Siddharth Lakshmi Venkata Subramaniam Deepika
			Karthik Ishaan Aditi Harpreet Gurdeep Farhan Zoya Nusrat Tahmina Shreya Balakrishnan Padmavathi`,
		family: `Sharma Patel Gupta Singh Kumar Reddy Iyer Nair Menon Chatterjee Mukherjee Banerjee Deshpande Kulkarni
			Chaudhary Ahmed Rahman Hossain Siddiqui Krishnamurthy Venkataraghavan Padmanabhan Ramanathan
			Gopalakrishnan Bhattacharya Jayawardena Wickramasinghe`,
	},
	{
		cards: 1,
		given: `Kealoha Leilani Kaimana Keoni Noelani Māhina Hēmi Aroha Wiremu Tāne Ngaire Mereana Rāwiri Hine
			Sefina Tavita Losa Fetu Manaia Lupe`,
		family: `Kahanamoku Kamakawiwoʻole Keliʻiaʻa Nākoa Kalaniʻōpuʻu Ngāwhika Pōtiki Tūhoro Whakataka Tāwhai
			Leilua Tuiasosopo Faʻalogo Seiuli Vaʻafusuaga Haʻalilio Kēpanihokulani Parata`,
	},
}
