"""The words of forms on indicators, readings and programmes. Translated when shown."""

from __future__ import annotations

from chalicelib.web.words import N_

LABELS = {
    "name": N_("What is measured"),
    "resource": N_("Resource"),
    "measure": N_("How it is measured"),
    "unit": N_("Unit"),
    "output_unit": N_("Unit of output"),
    "baseline_period": N_("Start: period"),
    "baseline_amount": N_("Start: amount"),
    "baseline_output": N_("Start: output"),
    "target_value": N_("Target for each unit of output, or in percent"),
    "target_by": N_("Target: by the end of"),
    "period": N_("Period"),
    "amount": N_("Amount"),
    "output": N_("Output"),
    "file": N_("A file"),
    "pasted": N_("Or paste the rows here"),
    "sure": N_("Yes, take it away, and its readings with it."),
}

HINTS = {
    "name": N_("Such as: electricity of the sewing hall."),
    "output_unit": N_("What you make, as you count it. Of a share: the unit of the whole."),
    "period": N_("A month such as 2026-07, a quarter such as 2026-Q3 or a year such as 2026."),
    "amount": N_("Such as 1250 or 1250.5, without a separator of thousands."),
    "output": N_("What you made in the same time. Empty, if you do not know: then it is not compared."),
    "target_by": N_("Such as 2027."),
}

COLUMNS = {
    "period": N_("Period"),
    "amount": N_("Amount"),
    "unit": N_("Unit"),
    "output": N_("Output"),
    "output_unit": N_("Unit of output"),
    "readings": N_("Row"),
}

PROGRAMME_LABELS = {
    "id": N_("Identifier"),
    "name": N_("Name"),
    "kind": N_("Subject"),
    "starts": N_("First day"),
    "ends": N_("Last day"),
    "countries": N_("Countries"),
    "elements": N_("What is planned"),
    "workshops": N_("Workshops and e-learning"),
    "factory_id": N_("Factory ID"),
}

PROGRAMME_HINTS = {
    "id": N_("Two to forty lower-case letters, digits or -. It can never be changed."),
    "countries": N_("As codes of two letters, separated by commas: BD, VN."),
    "workshops": N_("One a line. A line that begins with a star is e-learning: * Steam and heat."),
    "factory_id": N_("As it is printed: case, blanks and dashes do not matter."),
}
