"""Documents to fill in, as OpenDocument text: LibreOffice, Word, Pages and Google Docs open it, and can change it."""

import io
import zipfile
from xml.sax.saxutils import escape

from marketplace.brokerage.rules.documents import Block, BlockKind

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
# The same document is the same file, whenever it is made.
_DAY = (2026, 1, 1, 0, 0, 0)
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" office:version="1.3"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = (
    f"{_HEAD}<manifest:manifest "
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
# Large, dark, with room between the lines, and in English, so that a screen reader pronounces it right.
_STYLES = (
    f"{_HEAD}<office:document-styles {_NAMES}><office:styles>"
    '<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.3cm" '
    'fo:line-height="140%"/><style:text-properties fo:font-family="Arial, sans-serif" fo:font-size="14pt" '
    'fo:language="en" fo:country="GB"/></style:default-style>'
    '<style:style style:name="Standard" style:family="paragraph"/>'
    '<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" '
    'style:parent-style-name="Standard" style:default-outline-level="1">'
    '<style:text-properties fo:font-size="22pt" fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" '
    'style:parent-style-name="Standard" style:default-outline-level="2">'
    '<style:paragraph-properties fo:margin-top="0.5cm" fo:keep-with-next="always"/>'
    '<style:text-properties fo:font-size="17pt" fo:font-weight="bold"/></style:style>'
    '<text:list-style style:name="Points"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.6cm" '
    'fo:margin-left="0.9cm"/></style:list-level-properties>'
    "</text:list-level-style-bullet></text:list-style></office:styles>"
    '<office:automatic-styles><style:page-layout style:name="Page"><style:page-layout-properties '
    'fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2.2cm"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Page"/>'
    "</office:master-styles></office:document-styles>"
)


def as_odt(title: str, blocks: tuple[Block, ...]) -> bytes:
    """Return a document with a title, headings and lists that assistive technology can walk by."""
    body = f'<text:h text:style-name="Heading_20_1" text:outline-level="1">{escape(title)}</text:h>'
    content = (
        f"{_HEAD}<office:document-content {_NAMES}><office:body><office:text>"
        f"{body}{''.join(_drawn(block) for block in blocks)}</office:text></office:body></office:document-content>"
    )
    meta = (
        f"{_HEAD}<office:document-meta {_NAMES}><office:meta><dc:title>{escape(title)}</dc:title>"
        "<dc:language>en-GB</dc:language></office:meta></office:document-meta>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        # First and not squeezed: that is how programs know what it is.
        packed.writestr(zipfile.ZipInfo("mimetype", _DAY), MEDIA_TYPE, zipfile.ZIP_STORED)
        for name, said in (
            ("content.xml", content),
            ("styles.xml", _STYLES),
            ("meta.xml", meta),
            ("META-INF/manifest.xml", _MANIFEST),
        ):
            packed.writestr(zipfile.ZipInfo(name, _DAY), said, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _drawn(block: Block) -> str:
    lines = [escape(line) for line in block.lines]
    if block.kind is BlockKind.HEADING:
        return f'<text:h text:style-name="Heading_20_2" text:outline-level="2">{lines[0]}</text:h>'
    if block.kind is BlockKind.LIST:
        items = "".join(
            f'<text:list-item><text:p text:style-name="Standard">{line}</text:p></text:list-item>' for line in lines
        )
        return f'<text:list text:style-name="Points">{items}</text:list>'
    return f'<text:p text:style-name="Standard">{"<text:line-break/>".join(lines)}</text:p>'
