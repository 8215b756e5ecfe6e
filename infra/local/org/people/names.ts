/** Given names of the embedded org's people; 64 of them, the first is Ana. All distinct without their accents. */
export const givenNames = (
  'Ana Ben Chloé Dmitri Elif Farah Gustav Hana Ibrahim Jana Kofi Lena Mateo Nadia Owen Priya ' +
  'Quentin Rosa Samir Tessa Umar Vera Wei Ximena Yusuf Zoë Amara Bruno Carmen Diego Emma Felix ' +
  'Grace Hugo Inés Jonas Kaito Leila Marta Nils Olga Pablo Ruth Sanjay Thandi Ursula Viktor Wanda ' +
  'Yara Zeno Aisha Björn Clara Dario Esther Finn Gita Henrik Isla Joaquín Katya Luca Mei Noah'
).split(' ')

/** Family names; 97 of them, a prime, so that walking both lists with different strides meets every pair. */
export const familyNames = (
  'Abebe Almeida Andersson Bakker Barros Becker Bianchi Blanc Brandt Brown Cardoso Castillo Chen Cohen Costa ' +
  'Cruz Dahl Das Delgado Diallo Duarte Dubois Egger Eriksen Esposito Evans Farkas Ferrari Fischer Fontaine ' +
  'Fraser Fuentes Garcia Ghosh Gómez Greco Gruber Haddad Hansen Harris Hayashi Herrera Hoffmann Horvat Ito ' +
  'Ivanov Jansen Jensen Johnson Joshi Kaya Keller Khan Kim Klein Kowalski Kumar Lambert Larsen Lee Lopez ' +
  'Maier Marino Martin Mbeki Mensah Meyer Moreau Morris Murphy Müller Nakamura Ndiaye Nguyen Novak Okafor ' +
  'Olsen Ortiz Osei Pereira Petrov Popescu Rahman Ramos Reyes Rossi Sato Schmidt Silva Singh Smith Suzuki ' +
  'Tanaka Torres Weber Yilmaz Zhang'
).split(' ')
