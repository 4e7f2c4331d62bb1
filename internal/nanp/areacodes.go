package nanp

import "strings"

// The area codes (NPAs) of the plan. Sources: the NANPA list of NPAs in
// service and its relief plans, the Canadian Numbering Administrator's list;
// TestOracle compares them with libphonenumber's metadata and names every
// difference.
//
// They are plain string constants: nothing is built when a function starts,
// and a look-up is a scan of about two kilobytes.

const (
	eastern  = "America/New_York"
	central  = "America/Chicago"
	mountain = "America/Denver"
	arizona  = "America/Phoenix"
	pacific  = "America/Los_Angeles"
)

// tollFree are the toll-free codes that are open (47 CFR 52.101 and FCC
// orders; 833 was the last, in 2017).
const tollFree = "800 833 844 855 866 877 888"

// tollFreeReserved are set aside for toll-free codes to come.
const tollFreeReserved = "822 880 881 882 883 884 885 886 887 889"

// nonGeographic are 5XX personal communications, Canadian 6XX, carriers'
// own 700 and the US government's 710. A customer can't port from them.
const nonGeographic = "500 521 522 523 524 525 526 527 528 529 532 533 535 538 542 543 544 545 546 547 549 550 552 553 554 556 566 569 577 578 588 589 " +
	"600 622 633 644 655 677 688 700 710"

// abroad are the countries that share the plan but not its porting system.
var abroad = [...]struct{ country, npas string }{
	{"Anguilla", "264"},
	{"Antigua and Barbuda", "268"},
	{"the Bahamas", "242"},
	{"Barbados", "246"},
	{"Bermuda", "441"},
	{"the British Virgin Islands", "284"},
	{"the Cayman Islands", "345"},
	{"Dominica", "767"},
	{"the Dominican Republic", "809 829 849"},
	{"Grenada", "473"},
	{"Jamaica", "658 876"},
	{"Montserrat", "664"},
	{"Saint Kitts and Nevis", "869"},
	{"Saint Lucia", "758"},
	{"Saint Vincent and the Grenadines", "784"},
	{"Sint Maarten", "721"},
	{"Trinidad and Tobago", "868"},
	{"the Turks and Caicos Islands", "649"},
}

type place struct{ country, zone, npas string }

// placeOf finds an area code's place; the zero place means there is none.
func placeOf(npa string) place {
	for _, p := range places {
		if strings.Contains(p.npas, npa) {
			return p
		}
	}
	return place{}
}

// places are the geographic area codes by state or province. Where one is cut
// by a time zone line, the zone with most of its people is given and the row
// says so.
var places = [...]place{
	{"US", central, "205 251 256 334 483 659 938"},     // Alabama
	{"US", "America/Anchorage", "907"},                 // Alaska (Aleutians west of 169°30′ W are an hour behind)
	{"US", arizona, "480 520 602 623 928"},             // Arizona (the Navajo Nation in 928 keeps summer time)
	{"US", central, "327 479 501 870"},                 // Arkansas
	{"US", pacific, "209 213 279 310 323 341 350 357"}, // California
	{"US", pacific, "369 408 415 424 442 510 530 559"},
	{"US", pacific, "562 619 626 628 650 657 661 669"},
	{"US", pacific, "707 714 738 747 760 805 818 820"},
	{"US", pacific, "831 837 840 858 909 916 925 949 951"},
	{"US", mountain, "303 719 720 748 970 983"},        // Colorado
	{"US", eastern, "203 475 860 959"},                 // Connecticut
	{"US", eastern, "302"},                             // Delaware
	{"US", eastern, "202 771"},                         // District of Columbia
	{"US", eastern, "239 305 321 324 352 386 407 561"}, // Florida
	{"US", eastern, "645 656 689 727 728 754 772 786"},
	{"US", eastern, "813 863 904 941 954"},
	{"US", central, "448 850"},                                     // Florida's panhandle: Pensacola and Panama City; Tallahassee is Eastern
	{"US", eastern, "229 404 470 478 678 706 762 770 912 943"},     // Georgia
	{"US", "Pacific/Honolulu", "808"},                              // Hawaii
	{"US", "America/Boise", "208 986"},                             // Idaho (the north is Pacific)
	{"US", central, "217 224 309 312 331 447 464 618 630 708 730"}, // Illinois
	{"US", central, "773 779 815 847 861 872"},
	{"US", central, "219"},                                             // Indiana: Gary and Hammond
	{"US", eastern, "260 317 463 574 765 812 930"},                     // Indiana (Evansville in 812 and 930 is Central)
	{"US", central, "319 515 563 641 712"},                             // Iowa
	{"US", central, "316 620 785 913"},                                 // Kansas (four western counties are Mountain)
	{"US", central, "270 364"},                                         // Kentucky, west
	{"US", eastern, "502 606 859"},                                     // Kentucky
	{"US", central, "225 318 337 457 504 985"},                         // Louisiana
	{"US", eastern, "207"},                                             // Maine
	{"US", eastern, "227 240 301 410 443 667"},                         // Maryland
	{"US", eastern, "339 351 413 508 617 774 781 857 978"},             // Massachusetts
	{"US", eastern, "231 248 269 313 517 586 616 679 734 810 947 989"}, // Michigan
	{"US", eastern, "906"},                                             // Michigan's Upper Peninsula (four western counties are Central)
	{"US", central, "218 320 507 612 651 763 924 952"},                 // Minnesota
	{"US", central, "228 471 601 662 769"},                             // Mississippi
	{"US", central, "235 314 417 557 573 636 660 816 975"},             // Missouri
	{"US", mountain, "406"},                                            // Montana
	{"US", central, "308 402 531"},                                     // Nebraska (the west of 308 is Mountain)
	{"US", pacific, "702 725 775"},                                     // Nevada
	{"US", eastern, "603"},                                             // New Hampshire
	{"US", eastern, "201 551 609 640 732 848 856 862 908 973"},         // New Jersey
	{"US", mountain, "505 575"},                                        // New Mexico
	{"US", eastern, "212 315 329 332 347 363 516 518 585 607 624 631"}, // New York
	{"US", eastern, "646 680 716 718 838 845 914 917 929 934"},
	{"US", eastern, "252 336 472 704 743 828 910 919 980 984"},         // North Carolina
	{"US", central, "701"},                                             // North Dakota (the south-west is Mountain)
	{"US", eastern, "216 220 234 283 326 330 380 419 436 440 513 567"}, // Ohio
	{"US", eastern, "614 740 937"},
	{"US", central, "405 539 572 580 918"},                             // Oklahoma
	{"US", pacific, "458 503 541 971"},                                 // Oregon (Malheur County is Mountain)
	{"US", eastern, "215 223 267 272 412 445 484 570 582 610 717 724"}, // Pennsylvania
	{"US", eastern, "814 835 878"},
	{"US", eastern, "401"},                                     // Rhode Island
	{"US", eastern, "803 821 839 843 854 864"},                 // South Carolina
	{"US", central, "605"},                                     // South Dakota (the west is Mountain)
	{"US", eastern, "423 865"},                                 // Tennessee, east
	{"US", central, "615 629 731 901 931"},                     // Tennessee
	{"US", mountain, "915"},                                    // Texas: El Paso
	{"US", central, "210 214 254 281 325 346 361 409 430 432"}, // Texas
	{"US", central, "469 512 621 682 713 726 737 806 817 830 832"},
	{"US", central, "903 936 940 945 956 972 979"},
	{"US", mountain, "385 435 801"},                              // Utah
	{"US", eastern, "802"},                                       // Vermont
	{"US", eastern, "276 434 540 571 686 703 757 804 826 948"},   // Virginia
	{"US", pacific, "206 253 360 425 509 564"},                   // Washington
	{"US", eastern, "304 681"},                                   // West Virginia
	{"US", central, "262 274 353 414 534 608 715 920"},           // Wisconsin
	{"US", mountain, "307"},                                      // Wyoming
	{"US", "America/Puerto_Rico", "340 787 939"},                 // Puerto Rico, US Virgin Islands
	{"US", "Pacific/Guam", "670 671"},                            // Northern Marianas, Guam
	{"US", "Pacific/Pago_Pago", "684"},                           // American Samoa
	{"CA", "America/Edmonton", "368 403 587 780 825"},            // Alberta
	{"CA", "America/Edmonton", "867"},                            // Northwest Territories, Nunavut, Yukon: three zones
	{"CA", "America/Vancouver", "236 250 257 604 672 778"},       // British Columbia (the Peace and East Kootenay differ)
	{"CA", "America/Winnipeg", "204 431 584"},                    // Manitoba
	{"CA", "America/Halifax", "428 506"},                         // New Brunswick
	{"CA", "America/St_Johns", "709 879"},                        // Newfoundland and Labrador (Labrador is Atlantic)
	{"CA", "America/Halifax", "782 902"},                         // Nova Scotia, Prince Edward Island
	{"CA", "America/Toronto", "226 249 289 343 365 382 416 437"}, // Ontario
	{"CA", "America/Toronto", "519 548 613 647 683 705 742"},
	{"CA", "America/Toronto", "753 807 905 942"},             // (Kenora in 807 is Central)
	{"CA", "America/Toronto", "263 354 367 418 438 450 468"}, // Quebec
	{"CA", "America/Toronto", "514 579 581 819 873"},
	{"CA", "America/Regina", "306 474 639"}, // Saskatchewan keeps standard time all year
}
