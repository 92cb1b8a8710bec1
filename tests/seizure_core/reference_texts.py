"""Small annotation files in the forms of public databases."""

from __future__ import annotations

BLOCK = """PN00

Data Sampling Rate: 512 Hz

Channels in EDF files:
Channel 1: Fp1

Seizure n 1
File name: {name}
Registration start time: 19.39.33
Registration end time:  20.22.58
Seizure start time: {start}
Seizure end time: 19.59.46
""".replace("19.59.46", "{end}")

PN01 = """PN01

Seizures of both recordings n 1 and 2

File name: PN01.edf
Registration start time:19.00.44
Registration end time: 08.29.41

Seizure n 1(in the first recording)
Start time: 21:51:02
End time: 21:51:56

Seizure n 2:
Start time:07:53:17
End time: 07:54:31
Electrodes involved at start of seizure: F3-C3
"""

SEIZEIT1 = """# Source: SeizeIt1
# Annotators: Neurologist
# Subject: P_ID64
# Gender: Male
# Age: 20
# Recording: r4
# Seizure Type: "FIAS"=Focal Impaire Awareness
# Origin: "Temp"=Temporal
# Hemisphere: "bi"=Bihemispherical



100\tNone\tFIA\tHem:L, Orig:Temp, bhe: 0
6319\t6339\tFIA\tHem:L, Orig:Temp, bhe: 0
11512\t11544\tF-BTC\tHem:L, Orig:Temp, bhe: 0
13962\tNone\tFIA\tHem:L, Orig:Temp, bhe: 0
"""
