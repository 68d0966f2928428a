"""Pages as other programs write them, made up in their manner: small, with what is theirs alone."""

from pathlib import Path

from newspage.model import Scan

SCAN = Scan(Path("../scans/p1.png"), "ab" * 32, 600, 800, dpi=300.0)
"""The scan of all of them, in pixels."""

KRAKEN = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/x.xsd">
 <Description>
  <MeasurementUnit>pixel</MeasurementUnit>
  <sourceImageInformation><fileName>p1.png</fileName></sourceImageInformation>
  <Processing ID="OCR_1">
   <processingCategory>contentGeneration</processingCategory>
   <processingSoftware><softwareName>kraken</softwareName>
    <softwareVersion>7.1</softwareVersion></processingSoftware>
  </Processing>
 </Description>
 <Tags>
  <OtherTag ID="TYPE_1" TYPE="type" LABEL="text"/>
  <OtherTag ID="TYPE_2" TYPE="type" LABEL="NumberingZone"/>
  <OtherTag ID="LINE_1" TYPE="type" LABEL="default" DESCRIPTION="line type default"/>
 </Tags>
 <Layout>
  <Page WIDTH="600" HEIGHT="800" PHYSICAL_IMG_NR="0" ID="page_0">
   <PrintSpace HPOS="0" VPOS="0" WIDTH="600" HEIGHT="800">
    <TextBlock ID="region_a1" HPOS="50" VPOS="100" WIDTH="500" HEIGHT="60" TAGREFS="TYPE_1">
     <Shape><Polygon POINTS="50 100 550 100 550 160 50 160"/></Shape>
     <TextLine ID="line_1" HPOS="50" VPOS="100" WIDTH="200" HEIGHT="20" TAGREFS="LINE_1"
       BASELINE="50 117 150 118 250 119">
      <Shape><Polygon POINTS="50 100 250 102 250 122 50 120"/></Shape>
      <String ID="segment_0" HPOS="50" VPOS="100" WIDTH="80" HEIGHT="20" CONTENT="甲乙" WC="0.75">
       <Shape><Polygon POINTS="50 100 130 100 130 120 50 120"/></Shape>
       <Glyph ID="char_0" HPOS="50" VPOS="100" WIDTH="40" HEIGHT="20" CONTENT="甲" GC="0.9"/>
       <Glyph ID="char_1" HPOS="90" VPOS="100" WIDTH="40" HEIGHT="20" CONTENT="乙" GC="0.6">
        <Variant CONTENT="己" VC="0.3"/>
       </Glyph>
      </String>
      <SP HPOS="130" VPOS="100" WIDTH="4" HEIGHT="20"/>
      <String ID="segment_1" HPOS="134" VPOS="100" WIDTH="60" HEIGHT="20" CONTENT="丙"/>
     </TextLine>
     <TextLine ID="line_2" HPOS="50" VPOS="130" WIDTH="200" HEIGHT="20" BASELINE="50 147 250 149">
      <String ID="segment_2" CONTENT="School of Music" HPOS="50" VPOS="130" WIDTH="200"
        HEIGHT="20"/>
     </TextLine>
    </TextBlock>
    <TextBlock ID="region_a2" HPOS="280" VPOS="760" WIDTH="20" HEIGHT="20" TAGREFS="TYPE_2">
     <TextLine ID="line_3" HPOS="280" VPOS="760" WIDTH="20" HEIGHT="20" BASELINE="280 777 300 777">
      <String CONTENT="3"/>
     </TextLine>
    </TextBlock>
   </PrintSpace>
  </Page>
 </Layout>
</alto>"""
"""ALTO 4 without an order of reading; points without commas; Chinese parted by blanks."""

ABBYY = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v2#"
      xmlns:xlink="http://www.w3.org/1999/xlink">
 <Description>
  <MeasurementUnit>mm10</MeasurementUnit>
  <sourceImageInformation><fileName>D:\\scans\\p1.tif</fileName></sourceImageInformation>
  <OCRProcessing ID="IdOcr"><ocrProcessingStep><processingDateTime>2011-05-04</processingDateTime>
   <processingSoftware><softwareCreator>ABBYY</softwareCreator>
    <softwareName>FineReader</softwareName><softwareVersion>11</softwareVersion>
   </processingSoftware></ocrProcessingStep></OCRProcessing>
 </Description>
 <Styles>
  <TextStyle ID="TS10" FONTFAMILY="Times New Roman" FONTSIZE="10"/>
  <ParagraphStyle ID="PAR" ALIGN="Left"/>
 </Styles>
 <Layout>
  <Page ID="Page1" PHYSICAL_IMG_NR="31" WIDTH="508" HEIGHT="677" QUALITY="OK">
   <TopMargin HPOS="0" VPOS="0" WIDTH="508" HEIGHT="50">
    <TextBlock ID="TopBlock" HPOS="10" VPOS="10" WIDTH="100" HEIGHT="20">
     <TextLine HPOS="10" VPOS="10" WIDTH="100" HEIGHT="20">
      <String CONTENT="Gazette" HPOS="10" VPOS="10" WIDTH="100" HEIGHT="20"/>
     </TextLine>
    </TextBlock>
   </TopMargin>
   <PrintSpace HPOS="0" VPOS="50" WIDTH="508" HEIGHT="600">
    <ComposedBlock ID="Composed1" HPOS="0" VPOS="50" WIDTH="508" HEIGHT="200" TYPE="container">
     <TextBlock ID="Block1" HPOS="20" VPOS="60" WIDTH="200" HEIGHT="60" STYLEREFS="TS10 PAR"
       language="en" xlink:type="simple">
      <TextLine BASELINE="76" HPOS="20" VPOS="60" WIDTH="180" HEIGHT="20" STYLEREFS="TS10">
       <String ID="S1" CONTENT="The" HPOS="20" VPOS="60" WIDTH="40" HEIGHT="20" WC="0.9"
         CC="009" STYLE="bold"/>
       <SP ID="SP1" HPOS="60" VPOS="60" WIDTH="10"/>
       <String ID="S2" CONTENT="news" HPOS="70" VPOS="60" WIDTH="60" HEIGHT="20"
         SUBS_TYPE="HypPart1" SUBS_CONTENT="newspaper"/>
       <HYP CONTENT="-" HPOS="130" VPOS="60" WIDTH="8" HEIGHT="20"/>
      </TextLine>
      <TextLine HPOS="20" VPOS="90" WIDTH="180" HEIGHT="20">
       <String CONTENT="paper" HPOS="20" VPOS="90" WIDTH="70" HEIGHT="20"
         SUBS_TYPE="HypPart2" SUBS_CONTENT="newspaper"/>
       <SP/>
       <String CONTENT="man" HPOS="100" VPOS="90" WIDTH="60" HEIGHT="20"/>
      </TextLine>
     </TextBlock>
     <GraphicalElement ID="Rule1" HPOS="20" VPOS="120" WIDTH="200" HEIGHT="2"/>
    </ComposedBlock>
    <Illustration ID="Pic1" HPOS="254" VPOS="254" WIDTH="127" HEIGHT="127" TYPE="photo"/>
   </PrintSpace>
  </Page>
 </Layout>
</alto>"""
"""ALTO 2 in tenths of a millimetre: styles, margins, composed blocks, words parted by a hyphen."""

DOCWORKS = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xsi:noNamespaceSchemaLocation="http://schema.ccs-gmbh.com/metae/alto-1-2.xsd">
 <Description><MeasurementUnit>inch1200</MeasurementUnit></Description>
 <Layout><Page ID="P1" PHYSICAL_IMG_NR="1">
  <PrintSpace>
   <ComposedBlock ID="ART1" TYPE="article" HPOS="0" VPOS="0" WIDTH="2400" HEIGHT="1600">
    <TextBlock ID="B1" HPOS="400" VPOS="400" WIDTH="800" HEIGHT="80">
     <TextLine HPOS="400" VPOS="400" WIDTH="800" HEIGHT="80">
      <String CONTENT="甲乙" HPOS="400" VPOS="400" WIDTH="800" HEIGHT="80"/>
     </TextLine></TextBlock>
   </ComposedBlock>
   <ComposedBlock ID="ART2" TYPE="Article" HPOS="0" VPOS="1600" WIDTH="2400" HEIGHT="1600">
    <TextBlock ID="B2" HPOS="400" VPOS="2000" WIDTH="800" HEIGHT="80">
     <TextLine HPOS="400" VPOS="2000" WIDTH="800" HEIGHT="80">
      <String CONTENT="丙丁" HPOS="400" VPOS="2000" WIDTH="800" HEIGHT="80"/>
     </TextLine></TextBlock>
   </ComposedBlock>
  </PrintSpace></Page></Layout>
</alto>"""
"""ALTO 1 without a namespace, in 1/1200 of an inch, without the size of the page."""

TAGGED = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">
 <Description><MeasurementUnit>pixel</MeasurementUnit></Description>
 <Tags>
  <LayoutTag ID="HL" LABEL="headline"/>
  <LayoutTag ID="TX" LABEL="paragraph"/>
  <StructureTag ID="A1" TYPE="ARTICLE" LABEL="题目" DESCRIPTION="of note"/>
  <StructureTag ID="A2" TYPE="ARTICLE" LABEL="别的"/>
  <NamedEntityTag ID="NE1" TYPE="Place" LABEL="上海"/>
 </Tags>
 <ReadingOrder>
  <OrderedGroup ID="g">
   <OrderedGroup ID="g2" TAGREFS="A2"><ElementRef ID="e1" REF="b4"/></OrderedGroup>
   <OrderedGroup ID="g1"><ElementRef ID="e2" REF="b1"/><ElementRef ID="e3" REF="b2"/>
    <ElementRef ID="e4" REF="b3"/><ElementRef ID="e5" REF="gone"/></OrderedGroup>
  </OrderedGroup>
  <OrderedGroup ID="other"><ElementRef ID="e6" REF="b3"/></OrderedGroup>
 </ReadingOrder>
 <Layout><Page ID="P" WIDTH="600" HEIGHT="800" PHYSICAL_IMG_NR="1"><PrintSpace>
  <TextBlock ID="b1" HPOS="50" VPOS="50" WIDTH="60" HEIGHT="20" TAGREFS="HL A1">
   <TextLine HPOS="50" VPOS="50" WIDTH="60" HEIGHT="20"><String CONTENT="肩题"/></TextLine>
  </TextBlock>
  <TextBlock ID="b2" HPOS="50" VPOS="80" WIDTH="100" HEIGHT="40" TAGREFS="HL A1">
   <TextLine HPOS="50" VPOS="80" WIDTH="100" HEIGHT="40"><String CONTENT="题目"/></TextLine>
  </TextBlock>
  <TextBlock ID="b3" HPOS="50" VPOS="130" WIDTH="20" HEIGHT="200" TAGREFS="TX A1">
   <TextLine HPOS="50" VPOS="130" WIDTH="20" HEIGHT="200" TAGREFS="NE1">
    <String CONTENT="竖排的字" CS="true"><ALTERNATIVE PURPOSE="OCR">竖排的宇</ALTERNATIVE></String>
   </TextLine>
  </TextBlock>
  <TextBlock ID="b4" HPOS="300" VPOS="50" WIDTH="100" HEIGHT="20" TAGREFS="TX">
   <TextLine HPOS="300" VPOS="50" WIDTH="100" HEIGHT="20" BASEDIRECTION="rtl">
    <String CONTENT="右起"/></TextLine>
  </TextBlock>
 </PrintSpace></Page></Layout>
</alto>"""
"""ALTO 4 with articles as tags and as groups, a column, a line from right to left."""

TRANSKRIBUS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15"
       xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <Metadata>
  <Creator>Transkribus</Creator>
  <Created>2020-09-13T11:47:58.199+07:00</Created>
  <LastChange>2021-09-23T12:35:22.487+02:00</LastChange>
  <TranskribusMetadata docId="1" pageId="2" status="GT"/>
 </Metadata>
 <Page imageFilename="0001.png" imageWidth="300" imageHeight="400">
  <ReadingOrder>
   <OrderedGroup id="ro_1" caption="Regions reading order">
    <RegionRefIndexed index="1" regionRef="r1"/>
    <RegionRefIndexed index="0" regionRef="r2"/>
   </OrderedGroup>
  </ReadingOrder>
  <TextRegion orientation="0.0" id="r1" type="paragraph"
    custom="readingOrder {index:1;} structure {id:a7; type:article;}">
   <Coords points="10,100 160,100 160,140 10,140"/>
   <TextLine id="r1l2" custom="readingOrder {index:1;}">
    <Coords points="10,120 160,120 160,140 10,140"/>
    <Baseline points="10,136 160,136"/>
    <TextEquiv><Unicode>和结尾。</Unicode></TextEquiv>
   </TextLine>
   <TextLine id="r1l1" custom="readingOrder {index:0;} person {offset:0; length:2;}">
    <Coords points="10,100 160,100 160,120 10,120"/>
    <Baseline points="10,116 160,116"/>
    <TextEquiv><Unicode>开头一行</Unicode></TextEquiv>
    <TextStyle fontFamily="Kai" fontSize="9.0"/>
   </TextLine>
   <TextEquiv><Unicode>开头一行
和结尾。</Unicode></TextEquiv>
  </TextRegion>
  <TextRegion id="r2" type="heading"
    custom="readingOrder {index:0;} structure {type:heading;} structure {id:a7; type:article;}">
   <Coords points="10,50 100,50 100,90 10,90"/>
   <TextLine id="r2l1"><Coords points="10,50 100,50 100,90 10,90"/>
    <TextEquiv><Unicode>大标题</Unicode></TextEquiv></TextLine>
  </TextRegion>
  <TextRegion id="r3" type="marginalia" custom="readingOrder {index:2;}">
   <Coords points="200,50 250,50 250,60 200,60"/>
   <TextLine id="r3l1"><Coords points="200,50 250,50 250,60 200,60"/>
    <TextEquiv><Unicode>批注</Unicode></TextEquiv></TextLine>
  </TextRegion>
  <GraphicRegion id="g1" type="stamp"><Coords points="1,1 9,1 9,9 1,9"/></GraphicRegion>
 </Page>
</PcGts>"""
"""PAGE 2013 of half the size of the scan: order, articles and persons in `custom`, no words."""

OCRD = """<?xml version="1.0" encoding="UTF-8"?>
<pc:PcGts xmlns:pc="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
          pcGtsId="FILE_0001">
 <pc:Metadata><pc:Creator>OCR-D</pc:Creator><pc:Created>2024-01-01T00:00:00</pc:Created>
  <pc:LastChange>2024-01-01T00:00:00</pc:LastChange></pc:Metadata>
 <pc:Page imageFilename="img/p1.png" imageWidth="600" imageHeight="800" orientation="0.5"
   type="content">
  <pc:AlternativeImage filename="img/p1.bin.png" comments="binarized"/>
  <pc:Border><pc:Coords points="0,0 600,0 600,800 0,800"/></pc:Border>
  <pc:ReadingOrder>
   <pc:OrderedGroup id="top">
    <pc:RegionRefIndexed index="1" regionRef="tr1"/>
    <pc:OrderedGroupIndexed index="0" id="art1" type="article" caption="短 讯">
     <pc:RegionRefIndexed index="0" regionRef="tr3"/>
     <pc:RegionRefIndexed index="1" regionRef="tr2"/>
    </pc:OrderedGroupIndexed>
   </pc:OrderedGroup>
  </pc:ReadingOrder>
  <pc:TextRegion id="tr1" type="page-number"><pc:Coords points="280,760 300,760 300,780 280,780"/>
   <pc:TextLine id="l1"><pc:Coords points="280,760 300,760 300,780 280,780"/>
    <pc:TextEquiv conf="0.5"><pc:Unicode>12</pc:Unicode></pc:TextEquiv></pc:TextLine>
  </pc:TextRegion>
  <pc:TextRegion id="tr2"><pc:Coords points="50,100 250,110 250,130 50,120"/>
   <pc:TextLine id="l2"><pc:Coords points="50,100 250,110 250,130 50,120"/>
    <pc:Word id="w1" language="Chinese"><pc:Coords points="50,100 130,104 130,124 50,120"/>
     <pc:Glyph id="g1"><pc:Coords points="50,100 90,102 90,122 50,120"/>
      <pc:TextEquiv index="1" conf="0.2"><pc:Unicode>曰</pc:Unicode></pc:TextEquiv>
      <pc:TextEquiv index="0" conf="0.8"><pc:Unicode>日</pc:Unicode></pc:TextEquiv></pc:Glyph>
     <pc:Glyph id="g2"><pc:Coords points="90,102 130,104 130,124 90,122"/>
      <pc:TextEquiv conf="0.9"><pc:Unicode>报</pc:Unicode></pc:TextEquiv></pc:Glyph>
     <pc:TextEquiv conf="0.85"><pc:Unicode>日报</pc:Unicode></pc:TextEquiv></pc:Word>
    <pc:Word id="w2"><pc:Coords points="170,106 250,110 250,130 170,126"/>
     <pc:TextEquiv conf="0.7"><pc:Unicode>今天</pc:Unicode></pc:TextEquiv></pc:Word>
    <pc:TextEquiv index="0"><pc:Unicode>日报 今天</pc:Unicode></pc:TextEquiv>
    <pc:TextEquiv index="1"><pc:Unicode>曰报今天</pc:Unicode></pc:TextEquiv>
    <pc:UserDefined><pc:UserAttribute name="a" value="b"/></pc:UserDefined>
   </pc:TextLine>
  </pc:TextRegion>
  <pc:TextRegion id="tr3" type="heading"><pc:Coords points="50,50 150,50 150,90 50,90"/>
   <pc:TextLine id="l3"><pc:Coords points="50,50 150,50 150,90 50,90"/>
    <pc:TextEquiv><pc:Unicode>短讯</pc:Unicode></pc:TextEquiv></pc:TextLine>
  </pc:TextRegion>
  <pc:TableRegion id="t1" rows="2"><pc:Coords points="300,300 500,300 500,400 300,400"/>
   <pc:TextRegion id="cell1"><pc:Coords points="300,300 400,300 400,350 300,350"/>
    <pc:TextLine id="l4"><pc:Coords points="300,300 400,300 400,350 300,350"/>
     <pc:TextEquiv><pc:Unicode>表格</pc:Unicode></pc:TextEquiv></pc:TextLine>
   </pc:TextRegion>
  </pc:TableRegion>
 </pc:Page>
</pc:PcGts>"""
"""PAGE 2019 with a prefix: words, glyphs, further readings, an article as a group, a table."""

TABLE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
 <Metadata><Creator>TRP</Creator><Created>2021-09-23T12:35:11.000+02:00</Created>
  <LastChange>2021-09-23T12:40:00.000+02:00</LastChange></Metadata>
 <Page imageFilename="p1.png" imageWidth="600" imageHeight="800">
  <ReadingOrder><OrderedGroup id="ro_1" caption="Regions reading order">
   <RegionRefIndexed index="0" regionRef="above"/>
   <RegionRefIndexed index="1" regionRef="Table_1"/>
   <RegionRefIndexed index="2" regionRef="below"/></OrderedGroup></ReadingOrder>
  <TextRegion id="above" type="caption" custom="readingOrder {index:0;}">
   <Coords points="50,50 250,50 250,80 50,80"/>
   <TextLine id="l1" custom="readingOrder {index:0;}"><Coords points="50,50 250,50 250,80 50,80"/>
    <TextEquiv><Unicode>米价</Unicode></TextEquiv></TextLine></TextRegion>
  <TextRegion id="below" type="caption" custom="readingOrder {index:2;}">
   <Coords points="50,300 250,300 250,330 50,330"/>
   <TextLine id="l2" custom="readingOrder {index:0;}">
    <Coords points="50,300 250,300 250,330 50,330"/>
    <TextEquiv><Unicode>昨日</Unicode></TextEquiv></TextLine></TextRegion>
  <TableRegion id="Table_1" lineSeparators="true" custom="readingOrder {index:1;}">
   <Coords points="50,100 250,100 250,200 50,200"/>
   <TableCell row="0" col="1" rowSpan="1" colSpan="1" id="cell_2" leftBorderVisible="true">
    <Coords points="150,100 150,150 250,150 250,100"/>
    <TextLine id="c2" custom="readingOrder {index:0;}">
     <Coords points="150,100 250,100 250,150 150,150"/><Baseline points="150,145 250,145"/>
     <TextEquiv><Unicode>三元</Unicode></TextEquiv></TextLine>
    <CornerPts>0 1 2 3</CornerPts></TableCell>
   <TableCell row="0" col="0" rowSpan="2" colSpan="1" id="cell_1" leftBorderVisible="true">
    <Coords points="50,100 50,200 150,200 150,100"/>
    <TextLine id="c1a" custom="readingOrder {index:0;}">
     <Coords points="50,100 150,100 150,150 50,150"/>
     <TextEquiv><Unicode>上等</Unicode></TextEquiv></TextLine>
    <TextLine id="c1b" custom="readingOrder {index:1;}">
     <Coords points="50,150 150,150 150,200 50,200"/>
     <TextEquiv><Unicode>白米</Unicode></TextEquiv></TextLine>
    <CornerPts>0 1 2 3</CornerPts></TableCell>
   <TableCell row="1" col="1" rowSpan="1" colSpan="1" id="cell_3" leftBorderVisible="true">
    <Coords points="150,150 150,200 250,200 250,150"/><CornerPts>0 1 2 3</CornerPts></TableCell>
  </TableRegion>
 </Page></PcGts>"""
"""PAGE of Transkribus: a table whose cells hold lines, not in the order of their columns."""

POINTS_2010 = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2010-03-19">
 <Metadata><Creator>Aletheia</Creator></Metadata>
 <Page imageFilename="p1.tif" imageWidth="600" imageHeight="800">
  <TextRegion id="r1"><Coords><Point x="50" y="60"/><Point x="250" y="60"/>
   <Point x="250" y="100"/><Point x="50" y="100"/></Coords>
   <TextEquiv><PlainText/><Unicode>上一行
下一行</Unicode></TextEquiv></TextRegion>
 </Page></PcGts>"""
"""PAGE 2010: points as elements, the text of a region without lines."""

TESSERACT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>a page</title>
  <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
  <meta name='ocr-system' content='tesseract 5.3.0' />
  <meta name='ocr-capabilities' content='ocr_page ocr_carea ocr_par ocr_line ocrp_wconf'/>
 </head>
 <body>
  <div class='ocr_page' id='page_1' title='image "in; put/p1.png"; bbox 0 0 600 800; ppageno 0;
    scan_res 300 300'>
   <div class='ocr_carea' id='block_1_1' title="bbox 50 50 300 200">
    <p class='ocr_par' id='par_1_1' lang='eng' title="bbox 50 50 300 80">
     <span class='ocr_header' id='line_1_1'
       title="bbox 50 50 300 80; baseline 0.01 -5; x_size 30; x_descenders 7; x_ascenders 8">
      <span class='ocrx_word' id='word_1_1' title='bbox 50 50 120 80; x_wconf 96'
        ><strong><em>A&nbsp;B</em></strong></span>
      <span class='ocrx_word' id='word_1_2' title='bbox 130 50 300 80; x_wconf 50'
        lang='deu'>Titel</span>
     </span>
    </p>
    <p class='ocr_par' id='par_1_2' lang='chi_sim' title="bbox 50 100 250 120">
     <span class='ocr_line' id='line_1_2' title="bbox 50 100 250 120; x_size 20">
      <span class='ocrx_word' id='word_1_3' title='bbox 50 100 90 120; x_wconf 90'>
       <span class='ocrx_cinfo' title='x_bboxes 50 100 70 120; x_conf 98.5'>甲</span>
       <span class='ocrx_cinfo' title='x_bboxes 70 100 90 120; x_conf 12'>乙</span></span>
      <span class='ocrx_word' id='word_1_4' title='bbox 100 100 140 120; x_wconf 80'>丙丁</span>
     </span>
    </p>
   </div>
   <div class='ocr_photo' id='block_1_2' title="bbox 300 300 500 500"></div>
   <div class='ocr_separator' id='block_1_3' title="bbox 0 210 600 212"></div>
   <div class='ocr_carea' id='block_1_4' title="bbox 300 520 500 540" onclick="alert(1)">
    <p class='ocr_par' id='par_1_5'><span class='ocr_caption' id='line_1_9'
      title='bbox 300 520 500 540'>Photo: <b>N. N.</b></span></p>
   </div>
   <script>alert(1)</script>
  </div>
 </body>
</html>"""
"""hOCR of Tesseract: headings, bold words, characters, a picture; and what a browser would run."""

TAG_SOUP = """<html><head><meta name="ocr-system" content="ocropus">
<title>x</title></head><body>
<div class=ocr_page title="image p1.png; bbox 0 0 600 800">
<span class=ocr_line title="bbox 50 50 90 70; x_bboxes 50 50 70 70 70 50 90 70">&eacute;t</span>
<br><span class=ocr_line title="bbox 20 100 40 300">竖着的</span><br>
<p>not a line
</div></body></html>"""
"""hOCR that is no XML: no quotes, elements that are not closed."""
